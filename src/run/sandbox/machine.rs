//! The clean machine of one pipeline, in a sandbox: each step gets its own room, a launch in it, and what shuts the
//! launch in. Keeps nothing from step to step but the workspace and the volumes of the pipeline.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use crate::engine::plan::{Role, SHELL};
use crate::run::Trouble;
use crate::run::backend::{Ended, Job, Machine, MachineOrder, Probe};
use crate::run::process::{self, Stop};
use crate::run::sandbox::bubblewrap::{self, Walls};
use crate::run::sandbox::launch::{Launch, Mount, set, set_default};
use crate::run::sandbox::limits::Group;
use crate::run::sandbox::network::{self, Names, Network};
use crate::run::sandbox::python::{ITSELF, link, write_program};
use crate::run::sandbox::room::Room;
use crate::run::sandbox::server::{Server, Site};
use crate::run::sandbox::stand_in::{StandIn, needs_engine};
use crate::run::sandbox::{Jail, Tools, packages, plain};

/// The machine of one pipeline.
#[derive(Debug)]
pub(super) struct SandboxMachine {
    tools: Arc<Tools>,
    /// The folder of the pipeline, and in it the one of the sandbox.
    folder: PathBuf,
    rooms: PathBuf,
    workspace: PathBuf,
    base: String,
    offline: bool,
    /// The temporary volumes of the pipeline, by name, each a folder.
    volumes: Vec<(String, PathBuf)>,
    /// The volumes that are folders of the machine: no step gets them.
    host_volumes: Vec<String>,
    etc: Vec<Mount>,
    names: Names,
    network: Option<Network>,
    group: Option<Group>,
}

/// The PATH of an image, if it does not say another.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Where a step finds what is in [`Room::local`]; where a stand-in is itself installed there, the second.
const LOCAL: [&str; 2] = ["/usr/local", "/opt/local"];

/// Where a step finds the copy of pip.
const PIP: &str = "/opt/pip";

/// The HOME, as in a container; where a stand-in is installed below it, the second.
const HOMES: [&str; 2] = ["/root", "/home/ci"];

/// A job with what was found out for it.
struct Case<'a> {
    job: &'a Job,
    stand_in: StandIn,
    room: Room,
}

impl SandboxMachine {
    /// Makes what the steps share.
    pub(super) fn prepare(
        tools: Arc<Tools>,
        order: &MachineOrder<'_>,
        log: &mut dyn Write,
    ) -> Result<Self, Trouble> {
        let own = order.folder.join("sandbox");
        let etc = bubblewrap::made_up_etc(&own.join("etc"), order.offline)?;
        let has_services = !order.pipeline.services.is_empty();
        let network = network_of(&tools.jail, order.offline, order.pipeline.runs_something_beside())?;
        if has_services && matches!(tools.jail, Jail::Plain) {
            let _ = writeln!(log, "services are at localhost here: this machine does not know their names");
        }
        let named = || order.pipeline.volumes.iter().filter_map(|it| Some((&it.name.as_ref()?.value, it)));
        let temporary = named().filter(|it| it.1.temp.is_some());
        let volumes = temporary.map(|(name, _)| (name.clone(), own.join("volumes").join(folder_name(name))));
        Ok(Self {
            folder: order.folder.to_owned(),
            rooms: own.join("rooms"),
            workspace: order.workspace.to_owned(),
            base: order.base.to_owned(),
            offline: order.offline,
            volumes: volumes.collect(),
            host_volumes: named().filter(|it| it.1.host.is_some()).map(|it| it.0.clone()).collect(),
            names: Names::of(order),
            group: Group::for_root(order.run, order.number),
            tools,
            etc,
            network,
        })
    }

    fn is_plain(&self) -> bool {
        matches!(self.tools.jail, Jail::Plain)
    }

    /// Where a server listens: at the address of its name, as far as the machine knows names.
    fn address(&self, job: &Job) -> Ipv4Addr {
        let known = self.names.address(&job.name).filter(|_| !self.is_plain());
        known.unwrap_or(Ipv4Addr::LOCALHOST)
    }

    fn case<'a>(&self, job: &'a Job) -> Result<Case<'a>, Trouble> {
        let image = job.step.image();
        // A pipeline of the type `exec` has no images, nor has the clone.
        let stand_in = if image.is_empty() { StandIn::default() } else { self.tools.stand_ins.of(image)? };
        Ok(Case { job, stand_in, room: Room::new(&self.rooms)? })
    }

    /// How the launch of a case is shut in.
    fn command(&self, case: &Case<'_>, launch: &Launch) -> Result<Command, Trouble> {
        match &self.tools.jail {
            Jail::Plain => Ok(plain::command(self.network.as_ref(), launch)),
            Jail::Bubblewrap(program, _) => {
                let walls = Walls {
                    program,
                    offline: self.offline,
                    network: self.network.as_ref(),
                    group: self.group.as_ref(),
                };
                bubblewrap::command(walls, launch, &case.room)
            }
        }
    }

    fn launch(&self, case: &Case<'_>) -> Result<Launch, Trouble> {
        let sight = self.sight(case)?;
        let mut launch = self.launch_of(case, &sight)?;
        launch.program = self.program(case, &sight)?;
        if let Some(script) = &case.job.script {
            set(&mut launch.environment, "DRONE_SCRIPT", script);
        }
        Ok(launch)
    }

    fn launch_of(&self, case: &Case<'_>, sight: &Sight) -> Result<Launch, Trouble> {
        let mut environment = case.job.environment.clone();
        if self.is_plain() {
            self.rewrite(&mut environment);
            set_default(&mut environment, "TMPDIR", text(&case.room.temporary()));
            self.keep_what_windows_needs(&mut environment);
        }
        set_default(&mut environment, "HOME", &sight.home);
        set_default(&mut environment, "PATH", self.path(case, sight));
        for (name, value) in case.stand_in.own.variables {
            set_default(&mut environment, name, placed(value, &sight.home, &sight.local));
        }
        let folder = case.job.folder.as_deref();
        let folder = folder.or(case.job.script.as_ref().map(|_| self.base.as_str())).unwrap_or("/");
        let folder = if self.is_plain() { self.real(folder)? } else { folder.to_owned() };
        Ok(Launch { environment, folder, mounts: self.mounts(case, sight)?, ..Launch::default() })
    }

    /// What runs: the script, the server, or the program that the file names.
    fn program(&self, case: &Case<'_>, sight: &Sight) -> Result<Vec<OsString>, Trouble> {
        let job = case.job;
        if job.script.is_some() {
            return Ok(Self::shell().into());
        }
        let words = |all: &[crate::engine::pipeline::Text]| -> Vec<String> {
            all.iter().map(|it| it.value.clone()).collect()
        };
        let (entrypoint, arguments) = (words(&job.step.entrypoint), words(&job.step.command));
        let program: Vec<OsString> = entrypoint.iter().chain(&arguments).map(Into::into).collect();
        if !entrypoint.is_empty() {
            return Ok(program);
        }
        if let Some((server, programs)) = &case.stand_in.server {
            return self.server(case, sight, (*server, programs));
        }
        // The images of languages and systems run what they are told to.
        if case.stand_in.known && !program.is_empty() {
            return Ok(program);
        }
        let why = match job.role {
            Role::Service => "a service without `commands` runs the program of its image",
            _ => "a step without `commands` runs the program of its image",
        };
        Err(needs_engine(job.step.image(), why))
    }

    fn server(
        &self,
        case: &Case<'_>,
        sight: &Sight,
        which: (Server, &Path),
    ) -> Result<Vec<OsString>, Trouble> {
        let (server, programs) = which;
        let address = self.address(case.job);
        for (client, option) in server.clients() {
            let text = format!("#!/bin/sh\nexec {}/{client} {option} {address} \"$@\"\n", programs.display());
            let path = case.room.local().join("bin").join(client);
            write_program(&path, &text).map_err(|it| Trouble::with_path("be written", &path, &it))?;
        }
        let data = Path::new(&sight.local).join("data");
        let sockets = if self.is_plain() { "" } else { "/run/postgresql" };
        let site = Site { programs, data: &data, address, sockets };
        Ok(server.command(site, case.job.step.command.iter().map(|it| it.value.as_str())))
    }

    fn shell() -> [OsString; 3] {
        let shell = SHELL.map(OsString::from);
        if cfg!(windows) {
            // The shell that comes with Git.
            return shell.map(|it| it.to_string_lossy().replace("/bin/sh", "sh").into());
        }
        shell
    }
}

/// Where a step finds its own folders.
struct Sight {
    home: String,
    local: String,
    /// The folders in front of PATH.
    path: Vec<String>,
}

impl SandboxMachine {
    /// Lays out what stands in for the image.
    fn sight(&self, case: &Case<'_>) -> Result<Sight, Trouble> {
        let seen = &case.stand_in.seen;
        let free = |places: [&str; 2]| {
            places[usize::from(seen.iter().any(|it| it.starts_with(places[0])))].to_owned()
        };
        let (home, local) = if self.is_plain() {
            (text(&case.room.home()), text(&case.room.local()))
        } else {
            (free(HOMES), free(LOCAL))
        };
        if let Some(python) = &case.stand_in.python {
            let pip = python.pip().map(|it| if self.is_plain() { it } else { Path::new(PIP) });
            python.lay(&case.room.local(), pip)?;
        }
        packages::lay(&case.room.local().join("bin"), case.job.step.image())?;
        Self::lay_own(case)?;
        let mut path = vec![format!("{local}/bin")];
        path.extend(case.stand_in.own.path.iter().map(|it| placed(it, &home, &local)));
        path.extend(case.stand_in.path.iter().map(|it| text(it)));
        Ok(Sight { home, local, path })
    }

    /// Fills the step's own folder: links to what puts other programs beside itself, and scripts that stand in for what
    /// would change this machine.
    fn lay_own(case: &Case<'_>) -> Result<(), Trouble> {
        let bin = case.room.local().join("bin");
        let cannot = |at: &Path, it: &std::io::Error| Trouble::with_path("be written", at, it);
        fs::create_dir_all(&bin).map_err(|it| cannot(&bin, &it))?;
        let moved = case.stand_in.moved.iter().filter_map(|it| Some((it, bin.join(it.file_name()?))));
        for (program, at) in moved {
            link(program, &at).map_err(|it| cannot(&at, &it))?;
        }
        for (name, text) in case.stand_in.own.scripts {
            let at = bin.join(name);
            write_program(&at, text).map_err(|it| cannot(&at, &it))?;
        }
        Ok(())
    }

    fn path(&self, case: &Case<'_>, sight: &Sight) -> String {
        let mut all = sight.path.clone();
        if cfg!(windows) {
            all.extend(self.tools.stand_ins.variables().get("PATH").cloned());
            return all.join(";");
        }
        if self.is_plain() && Path::new("/opt/homebrew/bin").is_dir() {
            all.push("/opt/homebrew/bin".to_owned());
        }
        // Behind the environment, and before other Pythons of this machine, which uv would take.
        all.extend(case.stand_in.python.iter().map(|_| format!("{}/{ITSELF}", sight.local)));
        all.extend(PATH.split(':').filter(|it| !sight.path.iter().any(|own| own == it)).map(str::to_owned));
        all.join(":")
    }

    fn mounts(&self, case: &Case<'_>, sight: &Sight) -> Result<Vec<Mount>, Trouble> {
        let hosts = self.names.hosts(case.job.step.extra_hosts.iter().map(|it| it.value.as_str()));
        let mut all = self.etc.clone();
        all.push(Mount::read_only(case.room.file("hosts", hosts.as_bytes())?, "/etc/hosts"));
        all.push(Mount::writable(case.room.home(), &sight.home));
        all.push(Mount::writable(case.room.local(), &sight.local));
        all.extend(case.stand_in.seen.iter().map(|it| Mount::read_only(it, text(it))));
        if let Some(python) = &case.stand_in.python {
            all.extend(python.pip().map(|it| Mount::read_only(it, PIP)));
            let seen = |it: &&Path| !it.starts_with("/usr/local") || sight.local != LOCAL[0];
            all.extend(python.packages().filter(seen).map(|it| Mount::hidden(text(it))));
        }
        all.push(Mount::writable(&self.workspace, &self.base));
        for mount in &case.job.step.volumes {
            let (Some(name), Some(path)) = (&mount.name, &mount.path) else { continue };
            let Some((_, folder)) = self.volumes.iter().find(|it| it.0 == name.value) else { continue };
            fs::create_dir_all(folder).map_err(|it| Trouble::with_path("be made", folder, &it))?;
            all.push(Mount::writable(folder, &path.value));
        }
        Ok(all)
    }

    /// Values that are the workspace, or a path in it, name the one of this machine.
    fn rewrite(&self, environment: &mut [(String, String)]) {
        for (_, value) in environment {
            let inner = value.strip_prefix(&self.base).filter(|it| it.is_empty() || it.starts_with('/'));
            if let Some(inner) = inner {
                *value = format!("{}{inner}", self.workspace.display());
            }
        }
    }

    /// A folder of the clean machine → the one of this machine, which is made.
    fn real(&self, folder: &str) -> Result<String, Trouble> {
        let inner = folder.strip_prefix(&self.base).unwrap_or_default().trim_start_matches('/');
        let real = self.workspace.join(inner);
        fs::create_dir_all(&real).map_err(|it| Trouble::with_path("be made", &real, &it))?;
        Ok(text(&real))
    }

    fn keep_what_windows_needs(&self, environment: &mut Vec<(String, String)>) {
        if !cfg!(windows) {
            return;
        }
        for name in ["SystemRoot", "SystemDrive", "windir", "COMSPEC", "PATHEXT"] {
            let found = self.tools.stand_ins.variables().iter().find(|it| it.0.eq_ignore_ascii_case(name));
            if let Some(found) = found {
                set_default(environment, name, found.1);
            }
        }
    }

    /// What is written in the file and has no effect here.
    fn remarks(&self, job: &Job) -> Vec<String> {
        let step = &job.step;
        let mut all = Vec::new();
        if let Some(user) = step.user.as_ref() {
            all.push(format!(
                "`user: {}` has no effect: all steps run as one ordinary user here",
                user.value
            ));
        }
        let unheard = [
            ("privileged", step.privileged.as_ref().is_some_and(|it| it.value)),
            ("devices", !step.devices.is_empty()),
            ("network_mode", step.network_mode.is_some()),
            ("dns", !step.dns.is_empty() || !step.dns_search.is_empty()),
            ("mem_limit", step.mem_limit.is_some() || step.memswap_limit.is_some()),
            ("shm_size", step.shm_size.is_some()),
            ("extra_hosts", self.is_plain() && !step.extra_hosts.is_empty()),
        ];
        let unheard = unheard.iter().filter(|it| it.1);
        all.extend(unheard.map(|it| format!("`{}` has no effect in a sandbox", it.0)));
        for name in step.volumes.iter().filter_map(|it| it.name.as_ref()) {
            if self.host_volumes.contains(&name.value) {
                all.push(format!(
                    "the volume `{}` is not mounted: a sandbox shows no folder of this machine",
                    name.value
                ));
            } else if self.is_plain() && self.volumes.iter().any(|it| it.0 == name.value) {
                all.push(format!(
                    "the volume `{}` is not mounted: only bubblewrap and containers can",
                    name.value
                ));
            }
        }
        all
    }
}

impl Machine for SandboxMachine {
    fn run(
        &self,
        job: &Job,
        out: &mut (dyn Write + Send),
        stop: &Stop,
        started: &(dyn Fn() + Sync),
    ) -> Result<Ended, Trouble> {
        let case = self.case(job)?;
        let launch = self.launch(&case)?;
        let mut command = self.command(&case, &launch)?;
        let lines = Some(case.stand_in.line.clone()).filter(|it| !it.is_empty()).into_iter();
        for line in lines.chain(self.remarks(job)) {
            // Who cannot take this line cannot take the output either, and that is told.
            let _ = writeln!(out, "{line}");
        }
        let end_the_rest = || {
            if self.is_plain() {
                plain::end_all_of(case.room.path());
            }
        };
        let ended = process::run_and_end(&mut command, out, stop, started, &end_the_rest);
        let ended = ended.map_err(|it| could_not_start(job, &it.to_string()))?;
        if ended == Ended::Exit(1) && !self.is_plain() && !bubblewrap::has_started(&case.room) {
            return Err(could_not_start(job, "the last line of its output says why"));
        }
        Ok(ended)
    }

    fn answers(&self, service: &Job, probe: &Probe) -> bool {
        match probe {
            Probe::Port(port) => {
                let address = self.address(service);
                let inside = self.network.as_ref().map(|it| it.listens(address, *port));
                inside.unwrap_or_else(|| network::answers_here(address, *port))
            }
            Probe::Command(command) => self.is_answered(service, command).unwrap_or(false),
        }
    }

    fn close(self: Box<Self>) -> Result<(), Trouble> {
        if self.is_plain() {
            plain::end_all_of(&self.folder);
        }
        Ok(())
    }
}

impl SandboxMachine {
    fn is_answered(&self, service: &Job, command: &str) -> Result<bool, Trouble> {
        let case = self.case(service)?;
        let sight = self.sight(&case)?;
        if let Some((server, programs)) = &case.stand_in.server {
            self.server(&case, &sight, (*server, programs))?;
        }
        let mut launch = self.launch_of(&case, &sight)?;
        launch.program = ["/bin/sh", "-c", command].map(Into::into).into();
        let mut command = self.command(&case, &launch)?;
        let ended = process::run(&mut command, &mut std::io::sink(), &Stop::new(), &|| {});
        Ok(matches!(ended, Ok(Ended::Exit(0))))
    }
}

fn network_of(jail: &Jail, offline: bool, meets: bool) -> Result<Option<Network>, Trouble> {
    match jail {
        _ if !offline => Ok(None),
        Jail::Bubblewrap(..) if !meets => Ok(None),
        Jail::Bubblewrap(program, _) => Network::by_bubblewrap(program, &bubblewrap::system()).map(Some),
        Jail::Plain => Network::by_unshare().map(Some),
    }
}

fn could_not_start(job: &Job, why: &str) -> Trouble {
    Trouble::new(
        format!("`{}` could not be started in the sandbox: {why}", job.name),
        "look at its folder and its volumes; or use a container engine",
    )
}

/// The name of a volume as the name of a folder: nothing in it leads elsewhere.
fn folder_name(name: &str) -> String {
    name.bytes()
        .map(|it| if it.is_ascii_alphanumeric() { char::from(it).to_string() } else { format!("_{it:02x}") })
        .collect()
}

/// A value of the table, with the step's own folders in it.
fn placed(value: &str, home: &str, local: &str) -> String {
    value.replace("{home}", home).replace("{local}", local)
}

fn text(path: &Path) -> String {
    path.display().to_string()
}
