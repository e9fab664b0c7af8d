import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import type { Conversation } from '@yingda/api/types'
import { describe, expect, it } from 'vitest'
import { faults } from '../../ui/antd/test/axe'
import { EventStream } from './fake-stream'
import { reset } from './on-desk'
import { open, server, signedIn } from './render'
import { answer, bot, conversation, customer, head, log, noon, system, text } from './samples'

const general = { id: 'que_1', name: { zh: '人工服务', en: 'People' }, service: { open: true, opens_at: null, promised_by: null }, left_messages: 0, everybody: true, members: [] }
const waits = (id: string, seconds: number, change: Partial<Conversation> = {}) => conversation(id, { state: 'queued', agent: null, queued_at: noon - seconds * 1000, preview: { by: 'customer', text: `words of ${id}` }, ...change })
const asked = log([0, 'opened', system, { episode: 1, lang: 'en' }], [1, 'message', customer, text('Why was I charged twice?')], [1, 'message', bot, answer('I do not know', 'no_answer')], [1, 'human_requested', customer, { via: 'words' }], [0, 'queued', system, { queue: '人工服务' }], [9, 'message', customer, text('hello?', 2)])
const names = () => screen.getAllByRole('listitem').flatMap((row) => /Visitor (\w{4})/.exec(row.textContent ?? '')?.[1] ?? [])

async function queues(rows: Conversation[], path = '/queues') {
  const all = server({ ...signedIn(), 'GET /queues': { items: [general] } })
  const view = open(path)
  await screen.findByRole('heading', { name: 'Queues' })
  const stream = EventStream.last
  act(() => {
    stream.become({ state: 'live' })
    stream.receive({ t: 'lists', mine: [], queue: rows })
  })
  return { ...view, all, stream }
}
const preview = () => screen.getByRole('complementary', { name: 'Who waits' })
const key = (name: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key: name })

describe('who waits', () => {
  it('is read beside the list without being taken: why, what was asked, what was said', async () => {
    const { stream, router } = await queues([waits('a', 30, { episode: 2 }), waits('b', 20)])
    fireEvent.click(screen.getByRole('link', { name: /^Visitor 000A Visit 2/ }))
    await waitFor(() => expect(router.state.location.search).toEqual({ open: 'cnv_a' }))
    act(() => stream.receive(reset('cnv_a', asked, { state: { ...head, state: 'queued', agent_name: null, agent_number: null } })))
    expect(within(preview()).getByText('Asked for a person in words')).toBeTruthy()
    expect(within(preview()).getAllByText('Why was I charged twice?')).toHaveLength(2)
    expect(within(preview()).getByText('1 miss')).toBeTruthy()
    expect(within(within(preview()).getByRole('log')).getByText('hello?')).toBeTruthy()
    expect(within(preview()).queryByRole('combobox')).toBeNull()
    expect(stream.sent).toEqual([])
    expect(stream.marks).toEqual([])
    expect(await faults(document.body)).toEqual([])
  })

  it('is walked with J and K and taken with T', async () => {
    const { stream, router } = await queues([waits('a', 30), waits('b', 20), waits('c', 10)])
    const opened = (id: string) => waitFor(() => expect(router.state.location.search).toEqual({ open: id }))
    key('t')
    expect(stream.sent).toEqual([])
    key('j')
    await opened('cnv_a')
    key('j')
    key('j')
    await opened('cnv_c')
    key('k')
    await opened('cnv_b')
    key('t')
    expect(stream.sent).toMatchObject([{ conversation: 'cnv_b', body: { type: 'take' } }])
    await waitFor(() => expect(router.state.location.pathname).toBe('/desk/cnv_b'))
  })

  it('keeps the order while somebody points at one or has the focus there', async () => {
    const { stream } = await queues([waits('a', 30), waits('b', 20), waits('c', 10)])
    const change = (...rows: Conversation[]) => act(() => { for (const one of rows) stream.receive({ t: 'summary', conversation: one }) })
    fireEvent.pointerOver(screen.getByRole('link', { name: /^Visitor 000A/ }), { pointerType: 'mouse' })
    change(waits('b', 20, { seq: 6, state: 'active', agent: { id: 'agt_2', name: '薛白' } }), waits('d', 60))
    expect(names()).toEqual(['000A', '000B', '000C'])
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Answer Visitor 000B' }).disabled).toBe(true)
    expect(screen.getByRole('button', { name: '1 new' })).toBeTruthy()
    fireEvent.pointerLeave(screen.getByRole('list', { name: 'Waiting' }))
    expect(names()).toEqual(['000D', '000A', '000C'])
    act(() => screen.getByRole('link', { name: /^Visitor 000C/ }).focus())
    change(waits('e', 90))
    expect(names()).toEqual(['000D', '000A', '000C'])
    act(() => (document.activeElement as HTMLElement).blur())
    expect(names()).toEqual(['000E', '000D', '000A', '000C'])
  })

  it('says so when whoever is being read waits no longer', async () => {
    const { stream } = await queues([waits('a', 30), waits('b', 20)], '/queues?open=cnv_a')
    act(() => stream.receive({ t: 'summary', conversation: waits('a', 30, { seq: 9, state: 'active', agent: { id: 'agt_2', name: '薛白' } }) }))
    expect(within(preview()).getByText('No longer waiting: taken, or gone')).toBeTruthy()
    expect(within(preview()).queryByRole('button', { name: /^Answer/ })).toBeNull()
    fireEvent.keyDown(document.body, { key: 'Escape' })
    await waitFor(() => expect(screen.queryByRole('complementary', { name: 'Who waits' })).toBeNull())
  })
})
