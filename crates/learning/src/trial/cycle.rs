//! The cycles of learning on the session calendar: what is due, and what they tell the desk.
//!
//! Nothing waits in memory for a day to come. Which cycle is due follows from the sessions that the
//! journal holds and the last cycle that it tells of; so after any pause everything is caught up
//! with, once.

use backsight_domain::proposal::{Cadence, Cycle, Finding, Lesson, Measured};
use backsight_domain::session::Session;
use backsight_domain::time::Date;
use backsight_engine::Engine;
use backsight_engine::proposal::Lessons;

use super::course::Course;
use super::judge::{self, Look};
use super::shadow;

/// The cycle that the calendar asks for after the last session: the weekly one when a week ended
/// since the last, the daily one when a session did, none when all was looked at.
pub fn due(lessons: &Lessons, sessions: &[Date]) -> Option<Cadence> {
    let told = |cadence| lessons.cycles.get(&cadence).map(|cycle: &Cycle| cycle.session);
    let is_new = |date: &&Date, last: Option<Date>| last.is_none_or(|last| last < **date);
    let weekly = told(Cadence::Weekly);
    if sessions.iter().filter(|date| ends_a_week(**date)).any(|date| is_new(&date, weekly)) {
        return Some(Cadence::Weekly);
    }
    let daily = told(Cadence::Daily).max(weekly);
    sessions.last().filter(|date| is_new(date, daily)).map(|_| Cadence::Daily)
}

/// Whether a session is the last one of its week.
fn ends_a_week(date: Date) -> bool {
    let monday = |date: Date| date.days() - i32::from(date.weekday() as u8);
    monday(Session::next(date).date()) != monday(date)
}

/// What the daily cycle tells: what each followed proposal added in each session that was not told.
pub fn daily(measured: Vec<Measured>, sessions: &[Date], engine: &Engine) -> Vec<Lesson> {
    let mut lessons: Vec<_> = measured.into_iter().map(Lesson::Measured).collect();
    let Some(session) = sessions.last().copied() else { return lessons };
    let (cadence, through) = (Cadence::Daily, engine.seq());
    lessons.push(Lesson::Cycle(Cycle { cadence, session, through, closed: 0, trials: 0 }));
    lessons
}

/// A whole look back: what followed proposals added, and what the trials found.
pub fn whole(course: &Course, engine: &Engine, cadence: Cadence) -> (Vec<Lesson>, Look) {
    let asked = (cadence, engine.seq());
    let look = judge::look(course, (engine.policy(), engine.lessons()), asked);
    let measured = shadow::follow(course, engine.base_policy(), engine.lessons());
    let mut lessons = daily(measured, course.sessions(), engine);
    lessons.push(Lesson::Cycle(look.cycle));
    let found = look.findings.iter().cloned();
    lessons.extend(found.map(|finding: Finding| Lesson::Found(Box::new(finding))));
    (lessons, look)
}

#[cfg(test)]
mod tests;
