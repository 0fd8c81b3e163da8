//! `invite`: makes the first people of the secretariat, before anybody can sign in.

use clap::ValueEnum;
use entity::role_grant::Role;

use crate::{
    App,
    accounts::roles::{Given, appoint},
    foundation::{config::Config, error::Result, platform::Platform},
};

/// Roles that are given for the whole alliance.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum InvitedRole {
    /// 秘书处 经办
    Handler,
    /// 秘书处 审批
    Approver,
    /// 培训工作组
    Training,
    /// 交流工作组
    Exchange,
}

/// Gives the role and prints the one-use link; it goes by mail, too.
pub(super) async fn run(
    config: Config,
    name: String,
    email: String,
    role: InvitedRole,
) -> Result<()> {
    let role = match role {
        InvitedRole::Handler => Role::Handler,
        InvitedRole::Approver => Role::Approver,
        InvitedRole::Training => Role::Training,
        InvitedRole::Exchange => Role::Exchange,
    };
    let ctx = App::build(config, Platform::system()).await?.ctx;
    let tx = ctx.store.begin().await?;
    let (_, secret) = appoint(&tx, &ctx, None, Given { name, email, role }).await?;
    tx.commit().await?;
    match secret {
        Some(secret) => println!("{}", ctx.links.absolute(&format!("/invitation/{secret}"))),
        None => println!("the role is given; the person can sign in already"),
    }
    Ok(())
}
