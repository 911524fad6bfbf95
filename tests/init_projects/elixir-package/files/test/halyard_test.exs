defmodule HalyardTest do
  use ExUnit.Case
end
