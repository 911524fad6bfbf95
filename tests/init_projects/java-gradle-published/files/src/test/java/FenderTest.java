class FenderTest {}
