module Soundings
end
