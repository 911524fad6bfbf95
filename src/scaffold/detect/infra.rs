//! What describes machines: Terraform and Ansible. It is checked, and nothing is applied.

use crate::scaffold::detect::kit::{Said, first_line, tool_version, version};
use crate::scaffold::detect::version::{Tilde, allows, short};
use crate::scaffold::detect::{Advice, Component, Line, Step, Version};
use crate::scaffold::project::{Fact, Folder};

const TERRAFORM: [&str; 10] = ["1.3", "1.4", "1.5", "1.6", "1.7", "1.8", "1.9", "1.10", "1.11", "1.12"];

pub(crate) fn terraform(folder: Folder<'_>) -> Option<Component> {
    let file = folder.names().find(|it| it.ends_with(".tf"))?;
    let lint = folder.first(&[".tflint.hcl"]).map(|it| Step {
        name: "tflint".into(),
        why: format!("{}: settings of tflint", folder.path(it)),
        image: "ghcr.io/terraform-linters/tflint:v0.53.0".into(),
        commands: vec![Line::plain("tflint --init"), Line::plain("tflint --recursive")],
        ..Step::default()
    });
    Some(Component {
        ecosystem: "Terraform",
        tool: "terraform".into(),
        name: folder.name(),
        score: 3,
        evidence: vec![Fact::new("a module of Terraform", folder.path(file))],
        install: vec![Line::new(
            "terraform init -backend=false",
            "fetches the providers, and touches no state",
        )],
        test: vec![
            Line::plain("terraform validate"),
            Line::new("terraform fmt -check -recursive", "the form that `terraform fmt` gives it"),
        ],
        after: lint.into_iter().collect(),
        versions: vec![terraform_version(folder)],
        advice: vec![Advice::new(
            "the files are checked, and nothing is planned: that needs keys to real machines",
            "when there is an account for trying things out, add a step with `terraform plan` and its keys as secrets",
        )],
        ..Component::default()
    })
}

fn terraform_version(folder: Folder<'_>) -> Version {
    let said: Option<Said> =
        first_line(folder, ".terraform-version").or_else(|| tool_version(folder, "terraform"));
    let exact = said.and_then(|(text, place)| Some((short(&text, 2)?, place)));
    let ranged = || {
        folder.names().filter(|it| it.ends_with(".tf")).find_map(|file| {
            let text = folder.loosely(file)?;
            let (number, line) =
                text.lines().enumerate().find(|it| it.1.trim_start().starts_with("required_version"))?;
            let range = line.split('"').nth(1)?;
            // `~> 1.5` allows every later 1.x.
            let found = TERRAFORM.iter().rev().find(|it| allows(range, it, Tilde::DropsLast))?;
            Some(((*found).to_owned(), folder.place(file, number + 1)))
        })
    };
    let (number, why) = exact
        .or_else(ranged)
        .unwrap_or_else(|| ("1.12".into(), "no file names a version: a recent one".into()));
    version("terraform", &number, format!("hashicorp/terraform:{number}"), &why)
}

pub(crate) fn ansible(folder: Folder<'_>) -> Option<Component> {
    let (what, marker) = kind(folder)?;
    let settings = folder.first(&[".ansible-lint", ".ansible-lint.yml", ".config/ansible-lint.yml"]);
    let mut install = vec![Line::plain("pip install ansible-lint")];
    install.extend(
        ["requirements.yml", "collections/requirements.yml", "roles/requirements.yml"]
            .iter()
            .filter(|it| folder.has(it))
            .map(|it| {
                Line::new(
                    format!("ansible-galaxy install -r {it}"),
                    format!("{}: roles and collections of others", folder.path(it)),
                )
            }),
    );
    let mut test: Vec<Line> = playbooks(folder)
        .into_iter()
        .map(|it| Line::plain(format!("ansible-playbook --syntax-check {it}")))
        .collect();
    test.push(match settings {
        Some(name) => Line::new("ansible-lint", format!("{}: settings of ansible-lint", folder.path(name))),
        None => Line::new(
            "ansible-lint --profile min",
            "only what would stop Ansible: no file says that the project keeps to more",
        ),
    });
    if let Some(name) = folder.first(&[".yamllint", ".yamllint.yml", ".yamllint.yaml"]) {
        test.push(Line::new("yamllint .", format!("{}: settings of yamllint", folder.path(name))));
    }
    let molecule = folder.has_folder("molecule").then(|| {
        Advice::new(
            "the scenarios of Molecule start containers, and a step has no Docker daemon for that",
            "run `molecule test` where there is one; an administrator may give a trusted repository the daemon",
        )
    });
    Some(Component {
        ecosystem: "Ansible",
        name: folder.name(),
        score: 3,
        evidence: vec![Fact::new(what, folder.path(&marker))],
        install,
        test,
        versions: vec![version("python", "3.13", "python:3.13-slim", "Ansible is a program of Python")],
        advice: molecule.into_iter().collect(),
        ..Component::default()
    })
}

fn kind(folder: Folder<'_>) -> Option<(&'static str, String)> {
    if folder.has("galaxy.yml") {
        return Some(("a collection of Ansible", "galaxy.yml".into()));
    }
    let role =
        folder.has("tasks/main.yml") && (folder.has("meta/main.yml") || folder.has("defaults/main.yml"));
    if role {
        return Some(("a role of Ansible", "tasks/main.yml".into()));
    }
    let settings = folder.first(&["ansible.cfg", ".ansible-lint"]).map(str::to_owned);
    let roles = folder.has_folder("roles") || folder.has_folder("group_vars");
    settings
        .or_else(|| playbooks(folder).into_iter().next().filter(|_| roles))
        .map(|it| ("playbooks of Ansible", it))
}

/// The files beside the settings that say for which hosts they are.
fn playbooks(folder: Folder<'_>) -> Vec<String> {
    let names = folder.names().filter(|it| it.ends_with(".yml") || it.ends_with(".yaml"));
    let plays = names.filter(|it| {
        let text = folder.loosely(it).unwrap_or_default();
        text.lines().any(|it| it.starts_with("- hosts:") || it.starts_with("  hosts:"))
    });
    plays.map(crate::scaffold::detect::path).collect()
}
