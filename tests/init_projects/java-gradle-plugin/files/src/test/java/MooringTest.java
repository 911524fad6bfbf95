class MooringTest {}
