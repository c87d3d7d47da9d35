// How each operation is called well: a table by operationId, in the order in which the calls are made.
//   good(api, example)   {as, path, headers}: what a call by that example of a body needs besides it (null: there is none).
//                        What the path does not say is as in the examples of the parameters.
//   then(api, answer, example)   what is looked at or tidied afterwards
//   order                the examples in the order in which the register allows them
//   standing(api)        the call that the bad ones are made from, where good() would change the register each time
//   missing              path values of something that is not there → 404
//   of_others(api)       what another registrant is told is not there → 404
//   not_by               a role that may not → 403

const kService = 'L25-0004';
const kNew = 'L26-0901';

/** A call as the examples of its parameters have it. */
const at_example = () => ({good: () => ({})});

/** A changed URL, another each time. */
const draft_body = (api) => {
  api.memory.urls = (api.memory.urls ?? 0) + 1;
  return {form: '2-11', service: kService, reason: {ja: '試験'}, changes: {url: `https://service004.example.jp/${api.memory.urls}`}};
};

async function done(answer, what, api) {
  if (answer.status >= 400) api.fail(`${what}: ${answer.status} ${answer.text}`);
  return answer.json;
}

const withdraw = (api, id) => api.call(api.operation('withdrawFiling'), {as: 'registrant', path: {id}});

async function drafted(api) {
  if (api.memory.draft) await withdraw(api, api.memory.draft);
  const made = await done(await api.call(api.operation('createFiling'), {as: 'registrant', body: draft_body(api)}), 'a draft', api);
  api.memory.draft = made.id;
  return made.id;
}

async function filed(api) {
  const id = await drafted(api);
  api.memory.draft = null;
  await done(await api.call(api.operation('submitFiling'), {as: 'registrant', path: {id}, headers: api.key()}), 'a submission', api);
  return id;
}

/** A new draft with its ETag. */
async function draft_looked_at(api) {
  const id = await drafted(api);
  const filing = await api.call(api.operation('getFiling'), {as: 'registrant', path: {id}});
  return {as: 'registrant', path: {id}, headers: {'If-Match': filing.headers.etag}};
}

const kFile = {raw: '%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n', type: 'application/pdf'};

/** A new draft with a file. */
async function with_attachment(api) {
  const id = await drafted(api);
  const answer = await api.call(api.operation('addAttachment'), {as: 'registrant', path: {id}, ...kFile});
  await done(answer, 'an attachment', api);
  return {as: 'registrant', path: {id, number: String(answer.json.number)}};
}

/** A report of an incident, received. */
async function reported(api) {
  const body = {form: '13.2', service: kService, known_on: '2026-11-30', report: {ja: '架空の速報'}};
  const made = await done(await api.call(api.operation('createFiling'), {as: 'registrant', body}), 'a report', api);
  await done(await api.call(api.operation('submitFiling'), {as: 'registrant', path: {id: made.id}, headers: api.key()}), 'a report', api);
  return made.id;
}

/** An act that waits for a second person, each time on another service. */
async function proposed(api) {
  api.memory.others ??= (await api.call(api.operation('listServices'), {query: {limit: '1000'}})).json.items
    .filter((s) => s.id.startsWith('L20') && !s.suspensions.length).map((s) => s.id);
  const [, body] = api.examples(api.operation('recordAct')).find(([name]) => name === 'suspend');
  const answer = await api.call(api.operation('recordAct'), {as: 'committee', path: {id: api.memory.others.pop()}, body, headers: api.key()});
  if (answer.status !== 202) api.fail(`no proposal: ${answer.status} ${answer.text}`);
  return answer.json.proposal.id;
}

const confirm = (api, id) => api.call(api.operation('confirmProposal'), {as: 'second', path: {id}, headers: api.key()});

/** The last service of which the example's event is. */
async function corrected_service(api) {
  const example = api.examples(api.operation('recordAct')).find(([name]) => name === 'correct')[1];
  const event = await api.call(api.operation('getEvent'), {path: {seq: example.seq}});
  return event.json.record.id;
}

const kActBy = {suspend: 'committee', reinstate: 'committee', remove: 'committee'};

async function before_an_act(api, example) {
  if (example !== 'renew') return;
  const [, application] = api.examples(api.operation('recordAct')).find(([name]) => name === 'file-renewal');
  await done(await api.call(api.operation('recordAct'), {as: 'operator', path: {id: kNew}, body: application}), 'an application', api);
}

export const kRecipes = {
  listServices: {
    ...at_example(),
    async then(api, answer) {
      const pages = [];
      for (let query = {limit: '25'}; query; ) {
        const {json, headers} = await api.call(api.operation('listServices'), {query});
        pages.push(...json.items);
        if (json.next && headers.link !== `<${json.next}>; rel="next"`) api.fail(`Link is ${headers.link}`);
        query = json.next ? Object.fromEntries(new URL(json.next, api.base).searchParams) : null;
      }
      if (pages.length !== answer.json.total) api.fail(`${pages.length} services on the pages, ${answer.json.total} in all`);
    },
  },
  getService: {...at_example(), missing: {id: 'L99-9999'}},
  getHistory: {...at_example(), missing: {id: 'L99-9999'}},
  getServiceFeed: {...at_example(), missing: {id: 'L99-9999'}},
  getList: at_example(),
  getListCsv: at_example(),
  getSignedList: at_example(),
  getEvidence: {...at_example(), missing: {id: 'L99-9999'}},
  getEvent: {...at_example(), missing: {seq: '999999'}},
  getFeed: at_example(),
  getFeedArchive: {...at_example(), missing: {n: '999'}},
  getKeys: at_example(),
  getKeysVersion: {...at_example(), missing: {n: '999'}},
  getCheckpoint: at_example(),
  getTile: {...at_example(), missing: {path: '9/999'}},
  createFiling: {
    good: () => ({as: 'registrant'}),
    async then(api, answer) {
      if (answer.headers.location !== `/v1/filings/${answer.json.id}`) api.fail(`Location is ${answer.headers.location}`);
      await withdraw(api, answer.json.id);
    },
    of_others: () => ({}),
    not_by: 'operator',
  },
  amendFiling: {good: draft_looked_at, missing: {id: 'F999999999'}, of_others: () => ({}), not_by: 'operator'},
  listFilings: {good: () => ({as: 'registrant'})},
  getFiling: {
    good: async (api) => ({as: 'registrant', path: {id: (api.memory.filing ??= await filed(api))}}),
    missing: {id: 'F999999999'},
    of_others: () => ({}),
  },
  getFilingDiff: {
    good: async (api) => ({as: 'operator', path: {id: (api.memory.filing ??= await filed(api))}}),
    missing: {id: 'F999999999'},
    of_others: () => ({}),
  },
  listAttachments: {
    good: with_attachment,
    missing: {id: 'F999999999'},
    of_others: () => ({}),
  },
  addAttachment: {
    good: async (api) => ({as: 'registrant', path: {id: await drafted(api)}, headers: api.key(), ...kFile}),
    missing: {id: 'F999999999'},
    of_others: () => ({}),
    not_by: 'operator',
  },
  getAttachment: {good: with_attachment, missing: {number: '999'}, of_others: () => ({})},
  removeAttachment: {good: with_attachment, missing: {number: '999'}, of_others: () => ({}), not_by: 'operator'},
  withdrawFiling: {
    good: async (api) => ({as: 'registrant', path: {id: await drafted(api)}}),
    missing: {id: 'F999999999'},
    of_others: () => ({}),
    not_by: 'operator',
  },
  submitFiling: {
    async good(api) {
      const id = await drafted(api);
      api.memory.draft = null;
      return {as: 'registrant', path: {id}, headers: api.key()};
    },
    standing: async (api) => ({as: 'registrant', path: {id: await drafted(api)}, headers: api.key()}),
    missing: {id: 'F999999999'},
    of_others: () => ({}),
    not_by: 'operator',
  },
  decideFiling: {
    good: async (api) => ({as: 'operator', path: {id: await filed(api)}, headers: api.key()}),
    missing: {id: 'F999999999'},
    of_others: () => ({}),
    not_by: 'committee',
  },
  inquireFiling: {
    good: async (api) => ({as: 'operator', path: {id: await reported(api)}, headers: api.key()}),
    missing: {id: 'F999999999'},
    of_others: () => ({}),
    not_by: 'committee',
  },
  getQueue: {good: () => ({as: 'operator'}), not_by: 'committee'},
  recordAct: {
    order: ['register', 'change', 'usage', 'suspend', 'start-re-audit', 'end-re-audit', 'reinstate', 'file-renewal', 'close-renewal',
      'renew', 'remove', 'correct'],
    async good(api, example) {
      await before_an_act(api, example);
      const id = example === 'correct' ? await corrected_service(api) : kNew;
      return {as: kActBy[example] ?? 'operator', path: {id}, headers: api.key()};
    },
    // Two persons suspend.
    async then(api, answer, example) {
      if ((answer.status === 202) !== (example === 'suspend')) api.fail(`${example}: ${answer.status}`);
      if (answer.status === 202) await done(await confirm(api, answer.json.proposal.id), 'a confirmation', api);
    },
    standing: () => ({as: 'operator', path: {id: kService}}),
    of_others: () => ({}),
    not_by: 'committee',
  },
  openCase: {
    good: (api, example) => ({as: example === 'withdrawal' ? 'registrant' : 'operator', headers: api.key()}),
    then(api, answer, example) {
      if (answer.headers.location !== `/v1/cases/${answer.json.id}`) api.fail(`Location is ${answer.headers.location}`);
      if (example === 'incident') api.memory.case = answer.json.id;
    },
    of_others: (api) => ({headers: api.key()}),
    not_by: 'committee',
  },
  listCases: {good: () => ({as: 'operator'})},
  getCase: {
    good: (api) => ({as: 'operator', path: {id: api.memory.case}}),
    missing: {id: 'C999999999'},
    of_others: () => ({}),
  },
  addStep: {
    order: ['report-demanded', 'preliminary-report', 'further-report-demanded'],
    good: (api, example) => ({
      as: example === 'preliminary-report' ? 'registrant' : 'operator',
      path: {id: api.memory.case},
      headers: api.key(),
    }),
    then: (api) => api.call(api.operation('getCase'), {as: 'registrant', path: {id: api.memory.case}}),
    missing: {id: 'C999999999'},
    of_others: () => ({}),
    not_by: 'committee',
  },
  destroyTexts: {
    good: (api) => ({as: 'operator', path: {id: api.memory.case, number: '1'}}),
    missing: {id: 'C999999999'},
    of_others: () => ({}),
    not_by: 'committee',
  },
  listDeadlines: {
    good: () => ({as: 'operator'}),
    then: (api) => api.call(api.operation('listDeadlines'), {as: 'operator', headers: {Accept: 'text/calendar'}}),
  },
  getDeadlineCalendar: {good: () => ({as: 'registrant'})},
  getToken: {good: () => ({as: 'registrant'})},
  rotateToken: {
    good: () => ({as: 'rotating'}),
    standing: () => ({as: 'committee'}),
  },
  listProposals: {good: () => ({as: 'operator'}), not_by: 'registrant'},
  getProposal: {
    good: async (api) => ({as: 'operator', path: {id: (api.memory.proposal ??= await proposed(api))}}),
    missing: {id: 'P999999999'},
    not_by: 'registrant',
  },
  confirmProposal: {
    good: async (api) => ({as: 'second', path: {id: await proposed(api)}, headers: api.key()}),
    missing: {id: 'P999999999'},
    not_by: 'committee',
  },
  rejectProposal: {
    good: async (api) => ({as: 'second', path: {id: await proposed(api)}}),
    missing: {id: 'P999999999'},
    not_by: 'registrant',
  },
  getSettings: {good: () => ({as: 'operator'}), not_by: 'registrant'},
  queryAudit: {good: () => ({as: 'operator'}), not_by: 'registrant'},
  getAuditLines: {good: () => ({as: 'operator'}), not_by: 'committee'},
  listPage: at_example(),
  servicePage: {...at_example(), missing: {id: 'L99-9999'}},
  getOpenapi: at_example(),
  referencePage: at_example(),
  referencePageEn: at_example(),
  problemsPage: at_example(),
  problemsPageEn: at_example(),
  problemPage: {...at_example(), missing: {slug: 'none'}},
  problemPageEn: {...at_example(), missing: {slug: 'none'}},
  getStyle: {...at_example(), missing: {path: 'none.css'}},
  getHealth: at_example(),
  getReadiness: at_example(),
};
