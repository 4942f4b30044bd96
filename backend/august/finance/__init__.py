"""Financing: letters of credit after presentation, pay later in instalments, OA credit (F1, F5)."""
