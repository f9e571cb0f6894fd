// What must not be done twice: where the answer gets lost, the same again goes under the same id.

import { sha256 } from "./digest.js";
import { newId } from "./ids.js";
import { solve } from "./work.js";
/** @import { Session } from "./session.js" */

/**
 * Write below a conversation's address, also after a reload under the id of what got lost.
 * @param {Session} session
 * @param {string} path
 * @param {object} body
 */
export async function writeOnce(session, path, body) {
  const key = `write:${path}`;
  const print = sha256(JSON.stringify(body));
  const { drawer } = session;
  const kept = drawer.get(key);
  const id = kept?.print === print ? kept.id : newId();
  drawer.set(key, { id, print });
  try {
    const answer = await worked(session, path, { ...body, client_id: id });
    drawer.drop(key);
    return answer;
  } catch (problem) {
    if (problem.told && problem.permanent) drawer.drop(key);
    throw problem;
  }
}

/** Post, and work for it in silence where the server asks for that. @param {Session} session @param {string} path @param {object} body */
async function worked(session, path, body) {
  try {
    return await session.ask("POST", path, body);
  } catch (problem) {
    const work = problem.code === "work-needed" && (await solve(problem.told.puzzle, session.clock));
    if (!work) throw problem;
    return session.ask("POST", path, { ...body, work });
  }
}
