import { Button } from '..';
import type { Example, Say } from '../example';

const STATES = ['answered', 'answered', 'answered flagged', 'unanswered', 'saving', 'failed', 'unanswered flagged', ...Array.from({ length: 17 }, () => 'unanswered')];

function wordOf(state: string, say: Say): string {
  if (state.includes('failed')) return say('未存', 'unsaved');
  if (state.includes('saving')) return say('保存中', 'saving');
  if (state.includes('flagged')) return say('标记', 'flagged');
  return state === 'answered' ? say('已答', 'done') : say('未答', 'open');
}

function Head({ say }: { say: Say }) {
  return (
    <header className="player-head">
      <h1 className="player-title">{say('电子政务基础与网上办公 · 结业考试', 'E-government foundations · final exam')}</h1>
      <p className="player-save" role="status">{say('已保存 14:32:07', 'Saved 14:32:07')}</p>
      <p className="player-clock player-clock--soon"><span className="player-clock-label">{say('剩余', 'Left')}</span>09:41</p>
      <Button>{say('交卷', 'Hand in')}</Button>
    </header>
  );
}

function Side({ say }: { say: Say }) {
  return (
    <nav className="player-side" aria-label={say('试题', 'Items')}>
      <h2 className="player-side-title">{say('已答 3 / 24', 'Answered 3 / 24')}</h2>
      <ol className="player-nav">
        {STATES.map((state, index) => (
          <li key={index}>
            <a href={`?item=${index + 1}`} className={`player-nav-cell ${state.split(' ').map((one) => `player-nav-cell--${one}`).join(' ')}`} aria-current={index === 3 ? 'true' : undefined}>
              {index + 1}<span className="player-nav-state">{wordOf(state, say)}</span>
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Choice({ say }: { say: Say }) {
  const options = [say('回拨单位公开的电话核实，并要求走数据共享平台申请', 'Call back on the public number and ask for a formal request'), say('先发一部分，稍后再补手续', 'Send part now, paperwork later'), say('用私人聊天工具发送，发完删除', 'Send by private chat and delete'), say('请示科长后口头告知数量', 'Tell the number by phone')];
  return (
    <fieldset className="player-options">
      <legend className="visually-hidden">{say('选一项', 'Choose one')}</legend>
      {options.map((option, index) => (
        <label key={option} className="option" htmlFor={`o${index}`}>
          <input className="option-control" type="radio" id={`o${index}`} name="response" value={index} defaultChecked={index === 0} />
          <span className="option-text"><span className="option-letter">{'ABCD'[index]}</span>{option}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Player({ say }: { say: Say }) {
  return (
    <div className="player">
      <Head say={say} />
      <div className="player-body">
        <article className="player-item">
          <p className="player-item-head"><span>{say('第 4 题，共 24 题 · 单选', 'Item 4 of 24 · single choice')}</span><span>{say('2 分', '2 points')}</span></p>
          <p className="player-stem">{say('街道工作人员接到自称“区里”的电话，要求立即发送低保户名单。下列做法正确的是：', 'A caller “from the district” wants the list of households on minimum allowance at once. What is right?')}</p>
          <Choice say={say} />
          <ul className="player-pairs">
            <li className="player-pair"><label htmlFor="p1">{say('收发机要文件', 'Classified documents')}</label><select id="p1" className="input"><option>{say('政务内网', 'Intranet')}</option></select></li>
          </ul>
          <div className="player-steps"><Button>{say('上一题', 'Previous')}</Button><Button>{say('标记，稍后再看', 'Flag')}</Button><Button kind="primary">{say('下一题', 'Next')}</Button></div>
        </article>
        <Side say={say} />
      </div>
    </div>
  );
}

export const examples: Example[] = [{ name: 'player', View: Player, quiet: true }];
