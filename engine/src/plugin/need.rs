//! What a plugin cannot do without → whether a step has it.

/// A need: one of some settings, unless something else makes it needless.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// Any one of these settings is enough. The first is the usual one. Aliases of them count too.
    pub one_of: &'static [&'static str],
    /// With any of these settings, the need falls away.
    pub unless: &'static [&'static str],
    /// Variables, set by `environment`, that the plugin reads in place of the setting.
    pub variables: &'static [&'static str],
}

impl Need {
    /// True when a step meets the need. `has_setting` is asked for names of settings; who answers counts aliases
    /// and values from secrets. `has_variable` is asked for names in `environment`: the plugin's own, and
    /// `PLUGIN_…`, which is what Drone makes of a setting (§5.6).
    #[must_use]
    pub fn is_met(&self, has_setting: impl Fn(&str) -> bool, has_variable: impl Fn(&str) -> bool) -> bool {
        let settings = || self.one_of.iter().chain(self.unless);
        settings().any(|it| has_setting(it))
            || self.variables.iter().any(|it| has_variable(it))
            || settings().any(|it| has_variable(&format!("PLUGIN_{}", it.to_ascii_uppercase())))
    }

    pub(super) const fn or_variables(mut self, variables: &'static [&'static str]) -> Self {
        self.variables = variables;
        self
    }

    pub(super) const fn unless(mut self, unless: &'static [&'static str]) -> Self {
        self.unless = unless;
        self
    }
}

pub(super) const fn one_of(one_of: &'static [&'static str]) -> Need {
    Need { one_of, unless: &[], variables: &[] }
}
