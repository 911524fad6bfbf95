defmodule Gangway do end
