/** The texts of the account's pages, which come with them. */
import en from "../../../locales/en/account.json";
import zh from "../../../locales/zh-CN/account.json";
import { addWords } from "../../i18n";

addWords("account", { zh, en });
