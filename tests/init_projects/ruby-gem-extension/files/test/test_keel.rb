require 'test_helper'
class TestKeel < Minitest::Test; end
