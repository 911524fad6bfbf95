Gem::Specification.new do |spec|
  spec.name = "tally"
  spec.version = "0.1.0"
  spec.summary = "Counts"
  spec.authors = ["A"]
  spec.required_ruby_version = ">= 3.4"
  spec.files = Dir["lib/**/*.rb"]
end
