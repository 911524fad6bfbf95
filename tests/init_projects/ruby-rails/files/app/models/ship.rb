class Ship < ApplicationRecord; end
