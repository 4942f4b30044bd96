"""金品中心: proofs of strength, their verification, and engineering cases (S3)."""
