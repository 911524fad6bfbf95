Gem::Specification.new do |spec|
  spec.name = "shoal"
  spec.version = "0.1.0"
  spec.summary = "A theme in shallow water"
  spec.authors = ["A crew"]
  spec.license = "MIT"
  spec.files = Dir["_layouts/**/*"]
  spec.add_runtime_dependency "jekyll", "~> 4.3"
end
