"""The September festival (大促): offers, what is left of them, enrolment, venues and boards (F1-F12)."""
