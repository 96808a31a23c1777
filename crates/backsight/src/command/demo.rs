//! `demo`: a simulated market and a desk that trades it, first past sessions, then live.
//!
//! Every start plays the world again from its seed, held to the journal record by record, and goes
//! on where the journal ends. So a demo can be killed at any moment, and the same seed ends with
//! the same receipt.

mod log;
mod press;
mod report;
mod screen;
pub(crate) mod setup;
mod site;

use std::time::Duration;

use backsight_domain::decision::Reason;
use backsight_domain::event::Event;
use backsight_domain::policy::Policy;
use backsight_domain::proposal::{Cadence, Lesson};
use backsight_domain::time::Date;
use backsight_gateway::newsstand::Newsstand;
use backsight_journal::Reader;
use backsight_learning::outcome;
use backsight_learning::trial::beside::Beside;
use backsight_learning::trial::course::Course;
use backsight_learning::trial::cycle;
use backsight_sim::run::{Advanced, Run};
use indicatif::{ProgressBar, ProgressStyle};

use self::log::DemoLog;
use self::press::Press;
use self::report::Summary;
use self::screen::Screen;
use self::setup::DeskFile;
use crate::answer::{Answer, Failure};
use crate::cli::Demo;
use crate::clock::{self, Stopwatch};
use crate::command::Context;
use crate::ending::Ending;
use crate::herald::{self, Herald};
use crate::inbox::{self, Taught, Waiting, WaitingPolicy};
use crate::output;
use crate::view::origin::Origin;
use crate::views::{Follower, Standing};
use crate::words;

/// How often the inbox is looked into.
const INBOX_EVERY: Duration = Duration::from_millis(100);
/// Live sessions begin up to here: the calendar ends a little later.
const LAST_START: Date = Date::from_ymd(2035, 12, 1).expect("the date exists");

/// Runs the demo.
pub(crate) fn run(context: &Context, wish: &Demo) -> Result<Answer, Failure> {
    let written = context.home.written_policy()?;
    if let Some((origin, policy)) = Origin::read(&context.home)?.zip(written.as_ref()) {
        origin.expect_accounts(&context.home, policy)?;
    }
    let log = log::open(&context.home)?;
    let (desk, setup, reader) = setup::prepare(&context.home, wish, written.as_ref())?;
    let (stand, way) = stand(wish.no_socket);
    let run = Run::new(setup, log);
    let press = Press::open(stand, (run.market().companies(), desk.seed), reader);
    let ending = Ending::listen();
    let views = Follower::begin(&context.home);
    let post = if wish.headless { None } else { Some(herald::post(&context.home)?) };
    let site = site::open(context, wish, (&views, post.clone()))?;
    let mut stage = Stage {
        context,
        run: run.read_by(Box::new(press)),
        way,
        goal: wish.days as usize,
        is_endless: !wish.headless,
        has_ended: false,
        views,
        ending,
        looked: None,
        taken: Vec::new(),
        wanted: Vec::new(),
        taught: Vec::new(),
        taught_by: 0,
        written,
    };
    stage.play_past()?;
    stage.run.log_mut().settle()?;
    // What was played at full speed is nobody's news.
    let _herald = post.map(|post| Herald::begin(&context.home, post)).transpose()?;
    if !wish.headless && !stage.ending.is_wanted() {
        let standing = stage.views.settled(stage.run.log().last());
        context.output.interim(&stage.summary(&desk, &standing));
        site::tell_again(context, site.as_ref());
        stage.play_live(wish.speed)?;
        stage.run.log_mut().settle()?;
    }
    if let Some(site) = site {
        site.close();
    }
    let standing = stage.views.settled(stage.run.log().last());
    Ok(stage.summary(&desk, &standing))
}

/// The server of the demo's feeds, and how the news travels then.
fn stand(is_unwanted: bool) -> (Option<Newsstand>, Way) {
    if is_unwanted {
        return (None, Way::Direct("--no-socket".to_owned()));
    }
    match Newsstand::open() {
        Ok(stand) => (Some(stand), Way::Http),
        Err(fault) => (None, Way::Direct(format!("no socket could be opened: {fault}"))),
    }
}

/// How the news gets from the outlets to the reader.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Way {
    /// Over the loopback address of this machine.
    Http,
    /// The same bytes without a socket, and why.
    Direct(String),
}

/// A demo in progress.
struct Stage<'a> {
    context: &'a Context,
    run: Run<DemoLog>,
    way: Way,
    /// Sessions to play at full speed.
    goal: usize,
    /// Whether there is always another session.
    is_endless: bool,
    /// Whether the world said that it is over.
    has_ended: bool,
    /// What keeps the tables where the journal is.
    views: Follower,
    /// Whether somebody wants it to end.
    ending: Ending,
    /// When the inbox was last looked into, once the journal is caught up with.
    looked: Option<Stopwatch>,
    /// Commands that were given to the desk and still lie in the inbox.
    taken: Vec<Waiting>,
    /// Policies that were given to the desk and still lie in the inbox.
    wanted: Vec<WaitingPolicy>,
    /// Lessons that were given to the desk and still lie in the inbox.
    taught: Vec<Taught>,
    /// How many lessons the journal holds once those are in it.
    taught_by: u64,
    /// What the policy file says, until it was compared with the desk's policy.
    written: Option<Policy>,
}

impl Stage<'_> {
    /// Plays the past sessions, and those that the journal holds beyond them.
    fn play_past(&mut self) -> Result<(), Failure> {
        let bar = progress(self.goal);
        while !self.is_past_over() && !self.ending.is_wanted() {
            let sessions = self.sessions();
            if self.step()?.is_none() {
                break;
            }
            if sessions != self.sessions() {
                bar.set_position(self.sessions() as u64);
                bar.set_message(self.run.session().date().to_string());
            }
        }
        bar.finish_and_clear();
        Ok(())
    }

    fn summary(&self, desk: &DeskFile, views: &Standing) -> Answer {
        let (home, way) = (&self.context.home, &self.way);
        let summary = Summary { desk, run: &self.run, home, way, views };
        let mut page = self.context.page();
        summary.write(&mut page);
        Answer::fine(page, summary.json())
    }

    fn is_past_over(&self) -> bool {
        self.is_endless && self.goal <= self.sessions() && !self.run.log().is_behind()
    }

    fn sessions(&self) -> usize {
        self.run.log().history().closings.len()
    }

    /// Plays on at a person's pace, until it is stopped or the calendar ends.
    fn play_live(&mut self, minutes_per_second: u32) -> Result<(), Failure> {
        let beat = Duration::from_secs(1) / minutes_per_second;
        let mut screen = Screen::new(self.context.output);
        let watch = Stopwatch::start();
        let mut minutes = 0;
        while !self.ending.is_wanted()
            && let Some(advanced) = self.step()?
        {
            screen.hear(&self.run, &advanced);
            if advanced.is_minute {
                minutes += 1;
                screen.draw(&self.run, &self.views.standing());
                clock::pause((beat * minutes).saturating_sub(watch.elapsed()));
            }
        }
        Ok(())
    }

    /// Lets one event reach the desk; nothing when the last session is over.
    fn step(&mut self) -> Result<Option<Advanced>, Failure> {
        self.stay_ahead();
        self.give_commands();
        let mut advanced = self.run.advance()?;
        if advanced.is_none() && self.run.log().is_behind() {
            self.run.extend(1);
            advanced = self.run.advance()?;
        }
        self.has_ended = advanced.is_none();
        self.clear_inbox()?;
        let closes = |reason: &Reason| matches!(reason, Reason::Closing { .. });
        if advanced.as_ref().is_some_and(|advanced| advanced.decision.because.iter().any(closes)) {
            self.look_back()?;
        }
        Ok(advanced)
    }

    fn stay_ahead(&mut self) {
        let is_last = self.run.sessions_left() <= 1;
        if self.is_endless && is_last && self.run.session().date() < LAST_START {
            self.run.extend(1);
        }
    }

    /// Gives the desk the command that the journal holds next, or those that wait in the inbox.
    fn give_commands(&mut self) {
        if let Some(act) = self.run.log().next_act().cloned() {
            self.run.act_again(act);
            return;
        }
        let is_set_up = self.run.engine().policy_version().0 != 0;
        let is_due = self.looked.is_none_or(|watch| INBOX_EVERY < watch.elapsed());
        // A world that said it is over has moved its time on; a command now could not be given at
        // the same place again. It waits for the next start.
        if self.run.log().is_behind() || self.has_ended || !is_set_up || !is_due {
            return;
        }
        if self.looked.is_none() {
            self.adopt_edited_policy();
        }
        self.looked = Some(Stopwatch::start());
        let inbox = inbox::look(&self.context.home);
        for wanted in inbox.policies {
            if !self.wanted.iter().any(|known| known.policy == wanted.policy) {
                if wanted.policy != *self.run.engine().base_policy() {
                    self.run.adopt(wanted.policy.clone(), &wanted.who);
                }
                self.wanted.push(wanted);
            }
        }
        for waiting in inbox.waiting {
            if !self.is_journaled(&waiting) && !self.is_taken(&waiting) {
                self.run.command(waiting.command.clone());
            }
            self.taken.push(waiting);
        }
        if self.taught.is_empty() {
            self.taught = inbox::lessons(&self.context.home);
            self.taught_by = self.run.log().history().learned + self.taught.len() as u64;
            for taught in &self.taught {
                self.run.act_again(Event::Learned(taught.lesson.clone()));
            }
        }
    }

    /// Looks back after a session, as far as the calendar asks for it: a whole look back when a week
    /// has ended since the last one and something could be proposed, and what followed proposals added.
    fn look_back(&mut self) -> Result<(), Failure> {
        let engine = self.run.engine();
        let lessons = engine.lessons();
        if self.run.log().is_behind() {
            return Ok(());
        }
        let history = self.run.log().history();
        let closings = history.closings.iter().map(|closing| words::trading_date(closing.at));
        let sessions: Vec<_> = closings.collect();
        let closed = outcome::trades(history).count();
        let learning = &engine.policy().learning;
        // A look from which nothing could be proposed would only use up certainty.
        let is_enough = learning.adopt_min as usize <= closed
            && learning.sessions_min as usize <= sessions.len();
        let is_weekly = is_enough && cycle::due(lessons, &sessions) == Some(Cadence::Weekly);
        let follows = lessons.proposals.iter().any(|proposal| proposal.stage.is_followed());
        if !is_weekly && !follows {
            return Ok(());
        }
        let is_begun = self.run.log().beside().is_some_and(|beside| beside.is_about(engine));
        if is_weekly || !is_begun {
            self.run.log_mut().settle()?;
            let course = Course::read(Reader::open(&self.context.home.disk())?)?;
            if is_weekly {
                let (lessons, _) = cycle::whole(&course, self.run.engine(), Cadence::Weekly);
                self.tell(lessons);
                return Ok(());
            }
            let beside = Beside::begin(&course, self.run.engine());
            self.run.log_mut().follow(beside);
        }
        let beside = self.run.log().beside().expect("it has begun by now");
        let measured = beside.measured(self.run.engine().lessons());
        let told = cycle::daily(measured, beside.sessions(), self.run.engine());
        self.tell(told);
        Ok(())
    }

    fn tell(&mut self, lessons: Vec<Lesson>) {
        for lesson in lessons {
            self.run.act_again(Event::Learned(lesson));
        }
    }

    /// A policy file that was edited since the desk last ran takes effect where the journal ends,
    /// unless no session is left that could follow it.
    fn adopt_edited_policy(&mut self) {
        if let Some(policy) = self.written.take()
            && policy != *self.run.engine().base_policy()
            && 0 < self.run.sessions_left()
        {
            self.run.adopt(policy, "policy.toml");
        }
    }

    fn is_journaled(&self, waiting: &Waiting) -> bool {
        let commands = &self.run.log().history().commands;
        commands.iter().any(|(_, command)| command.key == waiting.command.key)
    }

    fn is_taken(&self, waiting: &Waiting) -> bool {
        self.taken.iter().any(|taken| taken.command.key == waiting.command.key)
    }

    /// Removes the commands that are durable in the journal.
    fn clear_inbox(&mut self) -> Result<(), Failure> {
        if !self.taught.is_empty() && self.taught_by <= self.run.log().history().learned {
            self.run.log_mut().settle()?;
            std::mem::take(&mut self.taught).iter().try_for_each(Taught::done)?;
        }
        if self.taken.is_empty() && self.wanted.is_empty() {
            return Ok(());
        }
        self.run.log_mut().settle()?;
        for wanted in std::mem::take(&mut self.wanted) {
            if wanted.policy == *self.run.engine().base_policy() {
                wanted.done()?;
            } else {
                self.wanted.push(wanted);
            }
        }
        let (done, waiting): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.taken).into_iter().partition(|w| self.is_journaled(w));
        self.taken = waiting;
        done.iter().try_for_each(Waiting::done)
    }
}

fn progress(sessions: usize) -> ProgressBar {
    let bar = ProgressBar::new(sessions as u64);
    let template = "  {bar:32} session {pos}/{len}  {msg}  {eta} left";
    let style = ProgressStyle::with_template(template).expect("the template is well formed");
    bar.set_style(style.progress_chars("━╸─"));
    if output::is_terminal() {
        bar.tick();
    }
    bar
}
