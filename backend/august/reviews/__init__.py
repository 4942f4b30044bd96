"""Reviews and ratings, invitations to write them, replies."""
