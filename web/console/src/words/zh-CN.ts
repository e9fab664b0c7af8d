/** Every word behind the door, in one file to load. */
export default import.meta.glob<Record<string, string>>(['../../locales/zh-CN/*.json', '!**/signin.json', '!**/shell.json', '!**/problem.json'], { eager: true, import: 'default' })
