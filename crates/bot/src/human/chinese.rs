//! Requests for a person in Chinese.

use crate::text::list;

/// Phrases that contain a trigger word but mean something else; they are blanked out before anything else is looked for.
const NOT_PEOPLE: &str = "人工录入|人工翻译|人工标注|人工合成|人工草坪|人工宝石|人工养殖|人工气|人工干预|人工误差|人工检|人工估|人工定|人工钻|人工智能|人工费|人工成本|人工降雨|人工呼吸|人工湖|人工审核|人工授精|人工关节|人工草|人工安装|人工检测|人工收费|人工核|\
    人工复|客服电话|客服热线|客服号码|客服邮箱|客服中心在哪|客服微信|真人秀|真人照片|真人模特|真人游戏|自称客服|冒充客服|假客服|客服告诉|客服答应|\
    客服骂|客服态度|客服太|客服服务态度|客服不理|客服推销|投诉客服|和客服的聊天记录|跟客服的聊天记录|客服聊天记录|客服记录|经理办公会|客服人员说|\
    人工说";

/// People whom a customer can ask for by their job.
const PEOPLE: &str = "人工客服|人工坐席|人工座席|人工服务|人工|真人客服|真人|活人|大活人|客服人员|在线客服|客服代表|客服专员|客服小姐姐|客服小哥|客服|\
    工作人员|话务员|接线员|坐席|座席|专员|业务员|营业员|你们经理|你们主管|你们领导|值班经理|主管";

/// Words of asking that precede the person: "转人工", "叫你们经理".
const ASKING: &str = "见一下|见见|见|转接到|转接给|转接|转到|转给|转去|转下|转一下|转个|转|接入|接通|接到|接一下|接个|接|找一下|找一个|找个|找下|找你们|找|要个|\
    要一个|要找|要|换成|换个|换一个|换|叫个|叫一下|叫一个|叫|喊个|喊|来个|来一个|来位|派个|派|呼叫|联系|联络|请|让|给我|想和|想跟|进入|安排|需要";

/// Complete requests that name nobody.
const PHRASES: &str = "懂的人来|懂行的人|懂的人说|活生生的人|和真的人|跟真的人|和真正的人|跟真正的人|找不到人工|找不到客服|转不了人工|转不到人工|接不通人工|打不通人工|联系不上客服|联系不到客服|联系不上人工|\
    找个人|找人|换个人|换人来|换人吧|转人|叫个人|叫人来|来个人|来人啊|来人呀|有人吗|有人在吗|有没有人|有活人吗|没人吗|没有人吗|\
    有人理我|有人管吗|跟人说|和人说|跟人聊|和人聊|跟人讲|和人讲|跟人沟通|和人沟通|跟人对话|和人对话|人来回答|人来回复|人来处理|人来跟我|人来和我|\
    人来帮我|人帮我看|安排人|安排个人|安排一个人|派个人跟我|不要机器|不想跟机器|不想和机器|不跟机器|不和机器|别让机器|别用机器|不要跟机器|不要和机器|\
    不需要机器|不要智能|不要ai|不要自动回复|别自动回复|机器人走开|机器人滚|叫你们负责人|找你们负责人";

/// Complete lines, after fillers have been removed.
const LINES: &str = "人工|人工客服|人工服务|人工台|人工坐席|人工座席|真人|真人客服|客服|客服人员|在线客服|活人|人工在线|客服在线|人工热线|坐席|经理|\
    主管|人工在|客服在|有客服|有人工|有真人|人呢|客服呢";

/// Phrases that name a person and refuse them.
const REFUSING: &str = "不用转|不要转|别转|不转|不必转|先不|不需要人工|不用人工|不要人工|不想转|不想找|不找人|不找客服|不用找|不用客服|无需人工|\
    无需转|不需要客服|不需要转|不必人工|不想要人工|别给我转|取消转|不要客服|不用真人|不想人工";

/// A question about the person, the bot or the service.
const ABOUT: &str = "几点上班|几点下班|上班时间|下班时间|工作时间|服务时间|几点到几点|你是人工|你是真人|你是不是人工|你是不是真人|是真人吗|是人工吗|\
    是人工还是|是真人还是|是机器人还是|什么意思|是什么|有什么区别|哪个好|收费吗|要钱吗|多少钱|工资|招聘|应聘|评价|打分|满意度|说过|刚才说|昨天说|上次|\
    没给我回|怎么评价|态度|骂|推销|诈骗|骗|聊天记录|记录|导出|手语";

/// Words that do not change the meaning.
const FILLERS: &str = "请问一下|请问|麻烦您|麻烦你|麻烦|你好|您好|喂|给我|帮我|我想要|我想|我要|我需要|想要|一下|谢谢|可以吗|行吗|好吗|能不能|能|可以|\
    赶紧|快点|快|马上|立刻|直接|现在|吧|啊|呀|呢|了|吗|嘛|请|么|哦";

/// What can follow "找人" in a request.
const GOES_ON: &str = "，|来|跟我|和我|说|聊|谈|沟通|回|接|处理|解决|帮我|帮忙|工|在|问|给我|理|管|负责|搭理|听|为我|对话|讲|咨询|客服|服务|人|看看";

/// What a customer asks of a person named before: "人工在吗", "客服快来".
const AFTER: &str = "能来|可以来|能不能来|回复我|回复一下|回一下|在吗|在不在|在哪|来|出来|接|处理|解决|帮我|帮忙|回答我|回答|回我|联系我|介入|跟我|和我|给我|快来|怎么联系|怎么找|怎么转|\
    怎么进|入口|按几|通道|有吗|在线吗|能接|可以接|谢谢|呢|吗";

/// What can come between the word of asking and the person.
const BETWEEN: &str = "一下|个|位|名|到|给|我|你们|你|您|的|入|为|成|下|能|直接|在线|可以|会说话|真正|真|跟|和|与|同|客服|人工|值班|一|中文|技术|专业|\
    售后|售前|资深|其他|别";

/// Whether a normalised line without spaces asks for a person.
pub(super) fn asks(line: &str) -> bool {
    let mut line = line.to_owned();
    for phrase in list(NOT_PEOPLE) {
        if line.contains(phrase) {
            line = line.replace(phrase, "，");
        }
    }
    let bare = strip(&line, FILLERS);
    let whole = list(LINES).any(|whole| whole == bare) || bare == "人";
    if whole || (!bare.is_empty() && bare.replace("人工", "").replace("客服", "").is_empty()) {
        return true;
    }
    let against_robots = list("不要机器|不想跟机器|不想和机器|别让机器|不是机器|不要智能|不要ai").any(|phrase| line.contains(phrase));
    if !against_robots && list(REFUSING).any(|phrase| line.contains(phrase)) {
        return false;
    }
    let about = list(ABOUT).any(|phrase| line.contains(phrase));
    if !about && list(PHRASES).any(|phrase| follows(&line, phrase)) {
        return true;
    }
    if about && !line.contains("转人工") && !line.contains("转客服") {
        return false;
    }
    // After all that was removed, a customer who writes these words means them.
    if list("人工|真人|活人").any(|person| line.contains(person)) {
        return true;
    }
    list(PEOPLE).any(|person| {
        line.match_indices(person).any(|(at, _)| {
            let (before, after) = (&line[..at], &line[at + person.len()..]);
            asked_before(before) || asked_after(before, after, person)
        })
    })
}

/// "找人" in "找人代付" or "找人来修" is not a request: what follows must end the thought or lead to speaking.
fn follows(line: &str, phrase: &str) -> bool {
    let Some(at) = line.find(phrase) else { return false };
    if !list("找人|找个人|转人|换个人|有没有人|叫个人|有人吗|来个人|安排个人|安排人").any(|open| open == phrase) {
        return true;
    }
    let after = strip(&line[at + phrase.len()..], FILLERS);
    let errand = after.strip_prefix('来').is_some_and(|rest| rest.starts_with(['修', '装', '安', '取', '送', '看', '拿', '换', '拆', '搬', '收']));
    !errand && (after.is_empty() || list(GOES_ON).any(|next| after.starts_with(next)))
}

fn asked_before(before: &str) -> bool {
    let chars: Vec<char> = before.chars().collect();
    let near: String = chars[chars.len().saturating_sub(9)..].iter().collect();
    list(ASKING).any(|verb| {
        near.rfind(verb).is_some_and(|at| {
            let between = strip(&near[at + verb.len()..], BETWEEN);
            between.is_empty() && !near[..at].ends_with(['不', '别', '没', '主', '只', '重', '需']) && !is_refused(&near[..at])
        })
    })
}

/// Matches a refusal such as "不要给我" before "转接人工".
fn is_refused(before: &str) -> bool {
    list("不要|不用|不需要|不想|不必|无需|别").any(|refusal| {
        before.rfind(refusal).is_some_and(|at| strip(&before[at + refusal.len()..], "给我|帮我|替我|再|给|现在|你们|你|您|请|老|总|又").is_empty())
    })
}

fn asked_after(before: &str, after: &str, person: &str) -> bool {
    let there_is = before.rfind('有').is_some_and(|at| strip(&before[at + '有'.len_utf8()..], "没有|没|在线|的|一个|个|别的|其他|专门|你们").is_empty());
    if there_is && after.chars().count() <= 2 {
        return true;
    }
    let spoken_with = before.ends_with(['跟', '和', '与', '同', '向', '问', '有']) || before.ends_with("有没有");
    if spoken_with && (after.is_empty() || list("说|聊|沟通|谈|讲|对话|交流|通话|咨询|问|吗|可以|能").any(|next| after.starts_with(next))) {
        return true;
    }
    !after.starts_with("给我的") && list(AFTER).any(|next| after.starts_with(next)) && !is_report(before, person)
}

/// "你们客服回复很慢" talks about staff, it does not call for them.
fn is_report(before: &str, person: &str) -> bool {
    let common = list("客服|专员|工作人员|业务员|营业员|主管").any(|name| name == person);
    common && (before.ends_with("你们") || before.ends_with("那个") || before.ends_with("一个") || before.chars().count() > 4)
}

fn strip(line: &str, fillers: &'static str) -> String {
    let mut line = line.to_owned();
    for filler in list(fillers) {
        if line.contains(filler) {
            line = line.replace(filler, "");
        }
    }
    line
}
