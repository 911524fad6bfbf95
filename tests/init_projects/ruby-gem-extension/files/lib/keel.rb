module Keel; end
