//! A workshop that several faces look at at once: requests in, the latest verdict of each exercise and news out.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;

use crate::engine::course::{Exercise, Mark, Progress};
use crate::workshop::actions::Attempt;
use crate::workshop::view::{self, ExerciseView, Outcome, StateView, TroubleView};
use crate::workshop::{Trouble, Workshop};

/// A workshop, the verdicts so far, and those who want to hear of new ones.
#[derive(Debug)]
pub struct Session {
    workshop: Workshop,
    seen: Mutex<Seen>,
    news: broadcast::Sender<News>,
}

/// What the faces were told last.
#[derive(Debug, Default)]
struct Seen {
    outcomes: BTreeMap<String, Outcome>,
    progress: Progress,
}

/// Something that the faces should show.
#[derive(Clone, Debug)]
pub enum News {
    /// An exercise was checked, or what is remembered of it changed.
    Exercise {
        /// How it stands now.
        view: Box<ExerciseView>,
        /// Why it is news.
        cause: Cause,
    },
    /// Another exercise is the current one.
    Current {
        /// Its id.
        id: String,
        /// Why.
        cause: Cause,
    },
    /// Something could not be done, and nobody is waiting for the answer.
    Trouble(TroubleView),
}

/// Why an exercise is news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A file of it was saved.
    Saved,
    /// Somebody asked for a check.
    Asked,
    /// A hint, a skip, a reset, or another program's doing.
    Remembered,
}

impl Session {
    /// Begins a session. Every exercise that was worked on is looked at, so that the first page tells the truth.
    pub fn new(workshop: Workshop) -> Result<Self, Trouble> {
        let progress = workshop.progress()?;
        let current = workshop.current_id()?;
        let mut outcomes = BTreeMap::new();
        for exercise in workshop.course()?.exercises() {
            let known = progress.mark(&exercise.id) != Mark::default();
            if known || exercise.id == current || workshop.touched(exercise) {
                outcomes.insert(exercise.id.clone(), workshop.look(exercise));
            }
        }
        let seen = Mutex::new(Seen { outcomes, progress });
        Ok(Self { workshop, seen, news: broadcast::channel(256).0 })
    }

    /// The workshop.
    #[must_use]
    pub fn workshop(&self) -> &Workshop {
        &self.workshop
    }

    /// News from now on. Who falls far behind misses some, and is told so by the channel.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<News> {
        self.news.subscribe()
    }

    /// Everything, as it stands.
    pub fn state(&self) -> Result<StateView, Trouble> {
        let current = self.workshop.current_id()?;
        let progress = self.workshop.progress()?;
        let seen = self.seen();
        let view =
            |it: &Exercise| ExerciseView::new(&self.workshop, it, &progress, seen.outcomes.get(&it.id));
        let exercises = self.workshop.course()?.exercises().map(view).collect();
        let folder = self.workshop.root().display().to_string();
        Ok(StateView { version: view::VERSION, current, folder, exercises })
    }

    /// One exercise, as it stands.
    pub fn exercise(&self, id: &str) -> Result<ExerciseView, Trouble> {
        let exercise = self.known(id)?;
        let progress = self.workshop.progress()?;
        Ok(ExerciseView::new(&self.workshop, exercise, &progress, self.seen().outcomes.get(id)))
    }

    /// Checks an exercise, remembers the outcome and tells everybody.
    pub fn check(&self, id: &str, cause: Cause) -> Result<ExerciseView, Trouble> {
        let exercise = self.known(id)?;
        let before = self.workshop.current_id()?;
        let outcome = self.workshop.look(exercise);
        let attempt = Attempt::new(id, outcome.as_ref().ok());
        let mut seen = self.seen();
        attempt.mark(&mut seen.progress);
        let view = ExerciseView::new(&self.workshop, exercise, &seen.progress, Some(&outcome));
        seen.outcomes.insert(id.to_owned(), outcome);
        drop(seen);
        if before != id {
            let _ = self.news.send(News::Current { id: id.to_owned(), cause });
        }
        let _ = self.news.send(News::Exercise { view: Box::new(view.clone()), cause });
        // Told first: a slow disk must not hold the verdict back, nor a full one hide it.
        if let Err(trouble) = self.workshop.update(|progress| attempt.mark(progress)) {
            self.report(&trouble);
        }
        Ok(view)
    }

    /// Shows one more hint of an exercise and tells everybody.
    pub fn hint(&self, id: &str) -> Result<ExerciseView, Trouble> {
        self.workshop.hint(self.known(id)?)?;
        self.tell(id, Cause::Remembered)
    }

    /// Looks whether another program changed the progress, and tells what became different.
    pub fn progress_changed(&self) -> Result<(), Trouble> {
        let now = self.workshop.progress()?;
        let before = std::mem::replace(&mut self.seen().progress, now.clone());
        if now.current != before.current
            && let Some(current) = &now.current
        {
            let _ = self.news.send(News::Current { id: current.clone(), cause: Cause::Remembered });
        }
        for exercise in self.workshop.course()?.exercises() {
            if now.mark(&exercise.id) != before.mark(&exercise.id) {
                let outcome = self.workshop.look(exercise);
                self.seen().outcomes.insert(exercise.id.clone(), outcome);
                self.tell(&exercise.id, Cause::Remembered)?;
            }
        }
        Ok(())
    }

    /// Tells everybody of a problem that nobody is waiting to hear about.
    pub fn report(&self, trouble: &Trouble) {
        let _ = self.news.send(News::Trouble(TroubleView::from(trouble)));
    }

    /// Sends the exercise as it stands to everybody, and takes what is remembered of it as seen.
    fn tell(&self, id: &str, cause: Cause) -> Result<ExerciseView, Trouble> {
        let view = self.exercise(id)?;
        let progress = self.workshop.progress()?;
        let mut seen = self.seen();
        seen.progress.exercises.insert(id.to_owned(), progress.mark(id));
        seen.progress.current = progress.current;
        drop(seen);
        let _ = self.news.send(News::Exercise { view: Box::new(view.clone()), cause });
        Ok(view)
    }

    fn known(&self, id: &str) -> Result<&Exercise, Trouble> {
        let found = self.workshop.course()?.exercises().find(|it| it.id == id);
        found.ok_or_else(|| Trouble::asked(format!("there is no exercise \"{id}\""), "reload the page"))
    }

    /// A face that panicked leaves nothing half done here: each verdict is inserted whole.
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
