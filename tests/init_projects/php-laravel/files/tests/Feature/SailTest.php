<?php it("sails")->todo();
