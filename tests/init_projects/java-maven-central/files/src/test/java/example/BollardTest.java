package example;

class BollardTest {}
