RSpec.describe(Ship) { }
