require 'minitest/test_task'
require 'rake/extensiontask'
Rake::ExtensionTask.new('keel')
Minitest::TestTask.create
