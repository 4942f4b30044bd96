"""The message box (消息盒子): what the platform tells a store, at the instant it happens."""
