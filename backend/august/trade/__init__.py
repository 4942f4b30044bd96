"""Orders from draft to completion: money, shipments, states and their deadlines."""
