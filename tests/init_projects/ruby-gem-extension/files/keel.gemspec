Gem::Specification.new do |it|
  it.name = 'keel'
  it.version = '0.3.0'
  it.required_ruby_version = '>= 3.0', '< 4.0'
  it.extensions = ['ext/keel/extconf.rb']
  it.metadata['allowed_push_host'] = 'https://gems.example.com'
  it.add_development_dependency 'minitest'
  it.add_development_dependency 'rake-compiler'
end
