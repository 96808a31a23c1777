//! The demo's dashboard: a site that reads the journal while the desk writes it.

use std::sync::Arc;

use backsight_domain::desk::OperatorCommand;
use backsight_domain::policy::Policy;
use backsight_gateway::alert;
use backsight_gateway::alert::outbox::Standing;
use backsight_gateway::alert::post::Post;
use backsight_web::{Channel, Inbox, Site, SiteFault, Wish};
use serde_json::json;

use crate::answer::{Answer, Exit, Failure};
use crate::cli::Demo;
use crate::command::{Context, users};
use crate::home::Home;
use crate::inbox;
use crate::page::Tone;
use crate::views::Follower;

/// The desk's inbox, as the site knows it.
struct Door(Home);

impl Inbox for Door {
    fn put(&self, command: &OperatorCommand) -> Result<(), String> {
        inbox::put_keyed(&self.0, command).map_err(|failure| failure.message())
    }

    fn adopt(&self, policy: &Policy, (who, why, key): (&str, &str, u64)) -> Result<(), String> {
        let put = inbox::put_policy(&self.0, (policy, key), (who, why));
        put.map_err(|failure| failure.message())
    }
}

/// The desk's channels, as the site shows them.
fn channels(post: Option<&Post>) -> Vec<Channel> {
    let standings = post.into_iter().flat_map(Post::standings);
    let channel = |(channel, it): (&alert::list::Channel, Standing)| Channel {
        name: channel.name.to_string(),
        kind: channel.way.kind().to_owned(),
        least: channel.least.to_string().to_lowercase(),
        digests: channel.digests,
        waiting: it.waiting,
        sent: it.sent.map(|at| at.to_string()),
        failing_since: it.failing_since.map(|at| at.to_string()),
        fault: it.fault,
        given_up: it.given_up,
    };
    standings.map(channel).collect()
}

/// Opens the dashboard and tells its address; nothing for a demo that ends by itself.
pub(super) fn open(
    context: &Context,
    wish: &Demo,
    (views, post): (&Follower, Option<Arc<Post>>),
) -> Result<Option<Site>, Failure> {
    if wish.headless || wish.no_web {
        return Ok(None);
    }
    let home = &context.home;
    let site = Site::open(Wish {
        listen: wish.listen,
        journal: home.journal(),
        folder: home.web(),
        hosts: Vec::new(),
        inbox: Arc::new(Door(home.clone())),
        tables: views.teller(),
        channels: Arc::new(move || channels(post.as_deref())),
    })?;
    tell(context, &site);
    Ok(Some(site))
}

fn tell(context: &Context, site: &Site) {
    let mut page = context.page();
    page.pair("dashboard", site.url());
    if let Some(link) = site.setup_url() {
        page.line(Tone::Plain, "  Make yourself its operator. This link works once:");
        page.whole(Tone::Strong, &format!("  {link}"));
    }
    let json = json!({ "dashboard": site.url(), "set_up": site.setup_url() });
    context.output.interim(&Answer::fine(page, json));
}

/// Tells the address once more to a person, whose report has scrolled it away.
pub(super) fn tell_again(context: &Context, site: Option<&Site>) {
    if let Some(site) = site.filter(|_| !context.output.json) {
        tell(context, site);
    }
}

impl From<SiteFault> for Failure {
    fn from(fault: SiteFault) -> Self {
        let exit = match &fault {
            SiteFault::Listen { .. } => Exit::Unavailable,
            SiteFault::Open(_) => Exit::Usage,
            SiteFault::Threads(_) => Exit::Different,
            SiteFault::Access(fault) => users::exit_of(fault),
        };
        Self::caused(exit, fault)
    }
}
