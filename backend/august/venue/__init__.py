"""The festival venue (大促主会场): enrolment, campaign prices, coupons, boards, the dashboard (F1, F12)."""
