//! `demo`: the whole service on SQLite with made-up data; mails are read in the browser.

use std::{
    io::{IsTerminal, Write},
    path::Path,
};

use tokio::net::TcpListener;

use super::{seed, serve};
use crate::{
    App,
    foundation::{
        config::{Config, MailTransport},
        error::{Error, Result},
        platform::Platform,
    },
};

/// Folder of the demonstration.
const FOLDER: &str = "data/demo";
/// Stands in the folder while the data is being made up: with it, what lies there is a part only.
const UNFINISHED: &str = "unfinished";

/// Runs the demonstration on `listen`; `reset` starts over after asking.
pub(super) async fn run(mut config: Config, listen: String, reset: bool) -> Result<()> {
    let folder = Path::new(FOLDER);
    if reset && folder.exists() {
        if !agreed(folder)? {
            println!("Nothing was changed.");
            return Ok(());
        }
        std::fs::remove_dir_all(folder)?;
    }
    let listener = TcpListener::bind(&listen)
        .await
        .map_err(|error| Error::internal(format!("{listen}: {error}; try --listen 127.0.0.1:0")))?;
    // Whoever holds the port is no start that still makes up the data.
    clear_unfinished(folder)?;
    let address = listener.local_addr()?;
    config.server.listen = address.to_string();
    config.server.public_url = format!("http://{address}");
    config.server.secret_file = folder.join("secret.key").display().to_string();
    config.database.url = format!("sqlite:{}", folder.join("expert-pool.sqlite").display()).into();
    config.mail.transport = MailTransport::Mailbox;
    config.mail.mailbox = folder.join("mailbox").display().to_string();
    let app = App::build(config, Platform::system()).await?;
    if !seed::is_there(&app.ctx).await? {
        std::fs::write(folder.join(UNFINISHED), "")?;
        seed::seed(&app.ctx, &app.owners).await?;
        std::fs::remove_file(folder.join(UNFINISHED))?;
    }
    print!("{}", welcome(&app.ctx.config.server.public_url));
    std::io::stdout().flush()?;
    serve::serve(app, listener).await
}

/// Throws away what a start left behind that was broken off while it made up the data.
fn clear_unfinished(folder: &Path) -> Result<()> {
    if folder.join(UNFINISHED).exists() {
        std::fs::remove_dir_all(folder)?;
    }
    Ok(())
}

/// Asks before the demonstration's data is thrown away; without a terminal `--reset` is the answer.
fn agreed(folder: &Path) -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Ok(true);
    }
    print!("Delete everything in {}? [y/N] ", folder.display());
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn welcome(url: &str) -> String {
    let password = seed::PASSWORD;
    format!(
        "
团标联 专家库 · 匹配 · 培训    演示：人物和业务均为虚构

  打开      {url}
  邮件      {url}/dev/mailbox   （不会真的发出）

  登录      密码都是 {password}
  经办      hejingyi@example.org       何静宜（示例），秘书处：受理、匹配、提交审批
  审批      pengwangshu@example.net    彭望舒（示例），秘书处：批准匹配和推荐
  交流组    liuwenying@example.org     柳闻莺（示例），交流工作组：互访配对、办结
  联络员    zhouxubai@example.org      周叙白（示例），中国电子学会：提交申请、推荐专家
  培训组    luoyining@example.org      罗以宁（示例），培训工作组：需求、课程、培训班

  委员会    gujianing@example.org      顾嘉宁（示例），国际标准化委员会主任委员：专项研究、审核申请

  试一试    经办登录 → 匹配专家 → 勾选 → 匹配 → 提交审批；审批登录 → 批准；到“邮件”里点邀请链接答复。
  停止      Ctrl-C；再次启动保留数据，--reset 从头开始。

"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_broken_off_begins_anew_and_what_is_whole_stays() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("demo");
        clear_unfinished(&folder).unwrap();
        std::fs::create_dir(&folder).unwrap();
        let database = folder.join("expert-pool.sqlite");
        std::fs::write(&database, "whole").unwrap();
        clear_unfinished(&folder).unwrap();
        assert!(database.exists());
        std::fs::write(folder.join(UNFINISHED), "").unwrap();
        clear_unfinished(&folder).unwrap();
        assert!(!folder.exists());
    }
}
