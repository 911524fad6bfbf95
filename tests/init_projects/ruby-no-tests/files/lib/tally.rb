# Counts what it is shown.
module Tally
  def self.of(things) = things.group_by(&:itself).transform_values(&:size)
end
