import { Banner, Button, ButtonRow, Facts, InstantText, Page, Seal } from '..';
import type { Example, Say } from '../example';

function Credential({ say }: { say: Say }) {
  return (
    <Page title={say('您的上岗证书', 'Your credential')} width="wide" print="content" actions={<Button>{say('打印', 'Print')}</Button>}>
      <div className="credential">
        <h2 className="credential-title">{say('上岗证书', 'Credential')}</h2>
        <p className="credential-number">{say('编号 ', 'Number ')}<span className="code">SG-2026-7KQ294XD</span></p>
        <p className="credential-text">
          <span className="credential-name">{say('王晓梅', 'Wang Xiaomei')}</span>
          {say('已完成“电子政务基础与网上办公”全部课程，通过结业考试，自 2026年10月12日（周一）起具备上岗资格。特发此证。', ' has completed “E-government foundations”, has passed its exam and may start work from 12 October 2026.')}
        </p>
        <div className="credential-foot">
          <svg className="credential-qr" viewBox="0 0 8 8" role="img" aria-label={say('核验二维码', 'QR code for checking')}><path d="M0 0h3v3H0zM5 0h3v3H5zM0 5h3v3H0zM4 4h1v1H4zM6 5h1v1H6zM5 7h2v1H5z" /></svg>
          <div className="credential-issuer"><Seal text={say('准予上岗', 'CLEARED')} /><p>{say('市人力资源和社会保障局', 'City Bureau of Human Resources')}</p><p>{say('2026年9月30日', '30 September 2026')}</p></div>
        </div>
      </div>
    </Page>
  );
}

function Receipt({ say }: { say: Say }) {
  return (
    <Page title={say('交卷回执', 'Receipt')}>
      <Banner tone="success" title={say('已交卷', 'Handed in')} />
      <div className="receipt">
        <p className="code code--large">7KQ2-94XD-M3PA</p>
        <Facts items={[{ term: say('考试', 'Exam'), value: say('电子政务基础结业考试', 'E-government foundations') }, { term: say('交卷时间', 'Handed in'), value: <InstantText at={1_790_560_800_000} /> }, { term: say('已答', 'Answered'), value: '49 / 50' }]} />
      </div>
      <ButtonRow><Button>{say('打印回执', 'Print')}</Button></ButtonRow>
    </Page>
  );
}

function Slips({ say }: { say: Say }) {
  const units = [say('市行政审批服务局', 'Approval Bureau'), say('东湖街道办事处', 'Donghu Subdistrict')];
  return (
    <Page title={say('启用通知条', 'Activation slips')} print="content" lead={say('每个单位一页，沿虚线裁开。', 'One page for each organisation; cut along the dashes.')}>
      {units.map((unit) => (
        <section key={unit} className="slips">
          <h2 className="slips-title">{unit}</h2>
          {['4KQ7-M9XD-T2PA', 'H3WN-88RC-Y6JE'].map((code, index) => (
            <div key={code} className="slip">
              <div><p className="slip-name">{say(index ? '李娜' : '王晓梅', index ? 'Li Na' : 'Wang Xiaomei')}</p><p>{say('报考号 ', 'Number ')}2026031{index}</p></div>
              <p className="slip-code"><span className="code code--large">{code}</span></p>
              <p className="slip-text">{say('打开 http://sg.example.gov.cn/activate ，输入报考号和激活码，设置自己的密码。30 天内有效，只能用一次。', 'Open http://sg.example.gov.cn/activate, enter number and code, choose a password. Valid for 30 days, once.')}</p>
            </div>
          ))}
        </section>
      ))}
    </Page>
  );
}

export const examples: Example[] = [
  { name: 'credential', View: Credential },
  { name: 'receipt', View: Receipt },
  { name: 'slips', View: Slips },
];
