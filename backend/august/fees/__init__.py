"""Service fees (资金管理 › 服务费): half price after US$40,000 (F2), the OA service fee waived (F3)."""
