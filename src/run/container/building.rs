//! A recipe → an image that is built to see that it can be, told about, and taken away again. Nothing is pushed.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::run::Trouble;
use crate::run::backend::Ended;
use crate::run::container::client::Client;
use crate::run::container::images;
use crate::run::container::removing::{Labelled, remove_image};
use crate::run::process::{self, Stop};
use crate::run::rehearsal::{BuildsImages, ImageOrder};

/// Builds images with the engine of a [`Container`](crate::run::container::Container).
#[derive(Clone, Debug)]
pub struct Builder {
    pub(super) client: Arc<Client>,
}

/// Numbers the images of this process.
static NEXT: AtomicUsize = AtomicUsize::new(0);

impl BuildsImages for Builder {
    fn build(&self, order: &ImageOrder, out: &mut (dyn Write + Send), stop: &Stop) -> Result<Ended, Trouble> {
        if order.offline {
            for base in order.bases.iter().filter(|it| *it != "scratch") {
                images::must_be_here(&self.client, base)?;
            }
        }
        // A name of its own: the image's real name may be one that the user has.
        let name = format!("ciworkshop-rehearsal:{}-{}", order.run, NEXT.fetch_add(1, Ordering::SeqCst));
        let mut command = self.client.command(arguments(order, &name));
        // A value in the arguments could be read by everybody on this machine.
        command.envs(order.build_args.iter().filter_map(|it| it.split_once('=')));
        let ended = process::run(&mut command, out, stop, &|| {})
            .map_err(|it| Trouble::with_path("be started", self.client.program(), &it))?;
        if ended == Ended::Exit(0) {
            self.tell(&name, out);
        }
        // Its own only: another step may be building at the same time.
        remove_image(&self.client, &name)?;
        Ok(ended)
    }
}

impl Builder {
    /// What became of it, in one line.
    fn tell(&self, name: &str, out: &mut (dyn Write + Send)) {
        let asked =
            self.client.call(["image", "inspect", "--format", "{{.Size}} {{.Os}}/{{.Architecture}}", name]);
        let told = asked.map(|it| it.out).unwrap_or_default();
        let mut words = told.split_whitespace();
        if let (Some(Ok(bytes)), Some(platform)) = (words.next().map(str::parse::<u64>), words.next()) {
            // Whoever reads the output may be gone.
            let _ = writeln!(
                out,
                "  built         an image of {} kB for {platform}; it is not kept",
                bytes.div_ceil(1000)
            );
        }
    }
}

fn arguments(order: &ImageOrder, name: &str) -> Vec<String> {
    let mut arguments: Vec<String> = ["build", "--force-rm", "--tag", name].map(str::to_owned).into();
    arguments.extend(Labelled::run(&order.run).arguments());
    arguments.push(format!("--file={}", order.dockerfile.display()));
    let names = order.build_args.iter().map(|it| it.split_once('=').map_or(it.as_str(), |it| it.0));
    arguments.extend(names.map(|it| format!("--build-arg={it}")));
    if !order.target.is_empty() {
        arguments.push(format!("--target={}", order.target));
    }
    if order.offline {
        arguments.push("--network=none".to_owned());
    }
    arguments.push(order.context.display().to_string());
    arguments
}
