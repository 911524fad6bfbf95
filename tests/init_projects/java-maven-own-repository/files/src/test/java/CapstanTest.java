class CapstanTest {}
