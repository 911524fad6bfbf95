class TwinTest {}
