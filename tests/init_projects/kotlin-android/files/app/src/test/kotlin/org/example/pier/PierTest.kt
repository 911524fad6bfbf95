class PierTest
