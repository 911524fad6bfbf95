require 'rails/all'
module Wharf
  class Application < Rails::Application
  end
end
