//! Which numbers are hidden, and which stay.

use std::time::{Duration, Instant};

use super::*;

const CARD: &str = "4111111111111111";
const RESIDENT: &str = "34012319900101114X";

fn shown(text: &str, awaited: Awaited) -> String {
    shorten(text, awaited).map_or_else(|| text.to_owned(), |short| short.text)
}
fn stays(text: &str, awaited: Awaited) {
    assert_eq!(shorten(text, awaited), None, "{text}");
}

#[test]
fn card_numbers_are_shortened_to_their_last_four_digits_however_they_are_written() {
    for (text, expected) in [
        (CARD, "•••• 1111"),
        ("我的卡号是4111 1111 1111 1111，没扣成功", "我的卡号是•••• 1111，没扣成功"),
        ("visa4111-1111-1111-1111!", "visa•••• 1111!"),
        ("4111.1111.1111.1111 4111_1111_1111_1111", "•••• 1111 •••• 1111"),
        ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "•••• 1111"),
        ("41111 11111 111111", "•••• 1111"),
        ("4111 - 1111 - 1111 - 1111", "•••• 1111"),
        ("4111\u{2011}1111\u{2011}1111\u{2011}1111", "•••• 1111"),
        ("4111\u{200b}1111\u{2060}1111\u{200d}1111", "•••• 1111"),
        ("４１１１　１１１１　１１１１　１１１１", "•••• 1111"),
        ("٤١١١١١١١١١١١١١١١", "•••• 1111"),
        ("۴۱۱۱-۱۱۱۱-۱۱۱۱-۱۱۱۱", "•••• 1111"),
        ("𝟒𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏", "•••• 1111"),
        ("4１1١1111۱111111१", "•••• 1111"),
        ("378282246310005, 3782 822463 10005", "•••• 0005, •••• 0005"),
        ("30569309025904", "•••• 5904"),
        ("5555555555554444 2223003122003222", "•••• 4444 •••• 3222"),
        ("3530111333300000, 6011111111111117", "•••• 0000, •••• 1117"),
        ("银联6222291417776317065和6217291417776318", "银联•••• 7065和•••• 6318"),
        ("工行卡 9558291417776317069", "工行卡 •••• 7069"),
        ("4222222222222", "•••• 2222"),
        ("4111 1111 1111 1111 12/28", "•••• 1111 12/28"),
        ("13800138000 4111111111111111", "13800138000 •••• 1111"),
        ("我的订单付不了，卡4111111111111111", "我的订单付不了，卡•••• 1111"),
        ("I ordered with 4111111111111111", "I ordered with •••• 1111"),
        ("in order to pay 4111111111111111", "in order to pay •••• 1111"),
        ("订单扣款失败4111111111111111", "订单扣款失败•••• 1111"),
        ("4111|1111|1111|1111, 4111+1111+1111+1111", "•••• 1111, •••• 1111"),
        ("4\u{fe0f}\u{20e3}1\u{fe0f}\u{20e3}1\u{fe0f}\u{20e3}1 1111 1111 1111", "•••• 1111"),
        ("order not paid with card 4111111111111111", "order not paid with card •••• 1111"),
    ] {
        assert_eq!(shown(text, Awaited::Nothing), expected, "{text}");
    }
}

#[test]
fn identity_numbers_are_shortened_to_their_ends() {
    for (text, expected) in [
        (RESIDENT, "3••••X"),
        ("身份证34012319900101114x，谢谢", "身份证3••••X，谢谢"),
        ("340123 19900101 114X", "3••••X"),
        ("340123-19900101-114-Ｘ", "3••••X"),
        ("340123199001011238", "3••••8"),
        ("１１０１０１１９９００３０７４５１４", "1••••4"),
        ("my number is 123-45-6789.", "my number is •••• 6789."),
        ("A123456(3)", "A••••"),
        ("我是 g563201（2）", "我是 G••••"),
    ] {
        let short = shorten(text, Awaited::Nothing).unwrap_or_else(|| panic!("{text}"));
        assert_eq!((short.text.as_str(), &short.hidden[..]), (expected, &[SecretNumber::Identity][..]), "{text}");
    }
}

#[test]
fn codes_are_hidden_that_words_name() {
    for (text, expected) in [
        ("验证码483920", "验证码••••••"),
        ("【银行】您的验证码是：483920，5分钟内有效", "【银行】您的验证码是：••••••，5分钟内有效"),
        ("483920是验证码", "••••••是验证码"),
        ("Your verification code for Shop is 483 920", "Your verification code for Shop is ••••••"),
        ("483920 is my one-time code", "•••••• is my one-time code"),
        ("483920 is your verification code", "•••••• is your verification code"),
        ("483920 is your Google verification code", "•••••• is your Google verification code"),
        ("483920是您的验证码", "••••••是您的验证码"),
        ("验证码483920,5分钟内有效", "验证码••••••,5分钟内有效"),
        ("verification code 483920, valid for 5 minutes", "verification code ••••••, valid for 5 minutes"),
        ("confirmation code 483920, PIN 4839", "confirmation code ••••••, PIN ••••••"),
        ("OTP: 4839", "OTP: ••••••"),
        ("动态密码 12345678", "动态密码 ••••••"),
        ("cvv 123, CVC:4567", "cvv ••••, CVC:••••"),
        ("卡4111111111111111安全码123", "卡•••• 1111安全码••••"),
    ] {
        assert_eq!(shown(text, Awaited::Nothing), expected, "{text}");
    }
}

#[test]
fn six_digits_are_a_code_if_one_is_awaited() {
    for text in ["483920", "是483920吗", "it says 483-920", "４８３９２０", "两个：483920 120394"] {
        stays(text, Awaited::Nothing);
        let hidden = shown(text, Awaited::Code);
        assert!(hidden.contains(HIDDEN_CODE) && !hidden.contains("920"), "{hidden}");
        assert!(may_hold_code(text), "{text}");
    }
    for text in ["13800138000", "1234567", "12345", "483920.50", "2026-11-20", "1,483,920"] {
        stays(text, Awaited::Code);
        assert!(!may_hold_code(text), "{text}");
    }
}

#[test]
fn what_is_no_secret_stays() {
    for text in [
        "",
        "云享59有5.5GB流量",
        "13800138000",
        "+44 20 7946 0958, 400-812-3456 400-812-3457",
        "订单4111111111111111到哪了",
        "Order number 4111111111111111",
        "order no. 4111111111111111, tracking: 4111111111111111",
        "订单 4111111111111111, 运单号：4111111111111111",
        "IMEI 352914177763170",
        "352914177763170",
        "SIM卡ICCID 8929141777631706699",
        "LK20261120001",
        "4111111111111112",
        "9111111111111111111",
        "41111111111111111111",
        "6901234567892, 4006381333931",
        "2026112029141776",
        "340123199013011238",
        "340123199001011239",
        "990123199001011238",
        "000-45-6789, 666-45-6789, 123-45-67890, 1-123-45-6789",
        "A123456(4), A123456",
        "12,999,000.00 元",
        "2026-11-20 12:30:45.123",
        "验证码没收到，手机尾号8000",
        "订单20261120的验证码收不到",
        "hotplate 123456",
        "•••• 1111 3••••X ••••••",
    ] {
        stays(text, Awaited::Nothing);
    }
}

#[test]
fn what_was_shortened_is_not_shortened_again() {
    let text = format!("{CARD} {RESIDENT} 验证码483920");
    let once = shown(&text, Awaited::Code);
    assert_eq!(once, "•••• 1111 3••••X 验证码••••••");
    stays(&once, Awaited::Code);
    assert_eq!(shorten(&text, Awaited::Code).unwrap().hidden, [SecretNumber::Card, SecretNumber::Identity, SecretNumber::Code]);
}

#[test]
fn a_number_within_an_identifier_is_no_card() {
    for text in [
        "89ddfe49-daea-4214-9246-70170d52e620 请稍等",
        "5311069d-add4-4773-8827-0521151da85c",
        "35751685-7041-4585-84e2-a8847aa30f3a",
        "41111111-1111-1111-8412-a8847aa30f3a",
        "sku_4111111111111111-b",
        "4111111111111111a",
    ] {
        stays(text, Awaited::Code);
    }
    for text in [
        "VISA4111111111111111",
        "VISA-4111111111111111",
        "卡号4111-1111-1111-1111。",
        "4111111111111111 ok",
        "4111111111111111-1227-123",
        "4111111111111111exp1227",
        "4111111111111111_is_mine",
        "(4111111111111111)",
    ] {
        assert!(shown(text, Awaited::Nothing).contains("1111") && !shown(text, Awaited::Nothing).contains("41111"), "{text}");
    }
}

#[test]
fn hostile_texts_take_no_longer_than_their_length() {
    // Twice the longest message.
    let size = 1 << 16;
    for part in ["4", "4 ", "4111 ", "4111111111111111 ", "1-", "34012319900101114-", "-", "A123456(", "123-45-", "验证码", "1\u{200b}", "1 . ", "otp1 "] {
        let text = part.repeat(size / part.len());
        let before = Instant::now();
        for awaited in [Awaited::Nothing, Awaited::Code] {
            shorten(&text, awaited);
        }
        assert!(before.elapsed() < Duration::from_secs(20), "{part}");
    }
}
