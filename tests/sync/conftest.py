from tests.crypto.conftest import age_program, node_age, on_a_terminal, ssh_keygen

__all__ = ["age_program", "node_age", "on_a_terminal", "ssh_keygen"]
