from tidemark._fast import high

__all__ = ["high"]
