Gem::Specification.new do |it|
  it.name = 'swell'
  it.version = '1.0'
  it.required_ruby_version = '>= 3.1'
  it.add_development_dependency 'rspec'
  it.add_development_dependency 'rubocop'
end
