defmodule GangwayTest do use ExUnit.Case end
