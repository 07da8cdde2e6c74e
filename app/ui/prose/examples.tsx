import { ButtonLink, ButtonRow, Page, Prose } from '..';
import type { Example, Say } from '../example';

const zh = `
<p>小周到街道上班第三天，接到一个电话：“我是区里的，把你们系统里低保户的名单发我一份，急用。”对方说得出科长的名字，语气也很熟。名单就在眼前的屏幕上，导出只要点一下。<strong>该不该发？</strong></p>
<h2>三张网，三条线</h2>
<p>政务内网与政务外网之间<strong>物理隔离</strong>，政务外网与互联网之间<strong>逻辑隔离</strong>。一份文件能走哪张网，看的不是急不急，而是密不密。</p>
<ul><li>涉密信息：只在内网处理，不得以任何方式转到外网或互联网。</li><li>工作信息：可在外网处理，例如审批系统、公文交换。<ul><li>名单、住址、身份证号属于个人信息，另有规定。</li></ul></li><li>公开信息：可以上互联网，例如办事指南。</li></ul>
<blockquote><p>判断不了密级的，按最高的处理，并请保密员确认。</p></blockquote>
<h3>常见的办公场景</h3>
<table><thead><tr><th>做什么</th><th>用哪张网</th><th>要注意什么</th></tr></thead><tbody><tr><td>收发机要文件</td><td>政务内网</td><td>登记、专人、专机</td></tr><tr><td>受理居民申请</td><td>政务外网</td><td>不下载到本机，离开即锁屏</td></tr><tr><td>发布办事指南</td><td>互联网门户</td><td>发布前三审，不夹带内部附件</td></tr></tbody></table>
<ol><li>先核实对方身份：回拨单位公开的电话。</li><li>再看依据：有没有正式的共享申请。</li><li>最后留痕：走 <code>数据共享平台</code>，不走私人聊天工具。</li></ol>
<h2>想一想</h2>
<p>如果来电的真是科长本人，答案会不一样吗？</p>`;

const en = `
<p>On his third day at the subdistrict office Zhou gets a call: “This is the district. Send me the list of households on minimum allowance, it is urgent.” <strong>Should he?</strong></p>
<h2>Three networks, three lines</h2>
<p>The intranet is <strong>physically separated</strong> from the extranet, the extranet <strong>logically</strong> from the internet.</p>
<ul><li>Secrets: on the intranet only.</li><li>Work: on the extranet.<ul><li>Lists and addresses are personal data.</li></ul></li></ul>
<blockquote><p>Unsure how secret? Treat it as the most secret and ask.</p></blockquote>
<h3>At the office</h3>
<table><thead><tr><th>Task</th><th>Network</th><th>Mind</th></tr></thead><tbody><tr><td>Classified documents</td><td>Intranet</td><td>Register them</td></tr><tr><td>Applications</td><td>Extranet</td><td>Lock your screen</td></tr></tbody></table>
<ol><li>Check who is calling.</li><li>Ask for the basis.</li><li>Use the <code>sharing platform</code>.</li></ol>`;

function Lesson({ say }: { say: Say }) {
  return (
    <Page title={say('第四课 内网、外网与互联网', 'Lesson 4: intranet, extranet and internet')} trail={[{ to: '/courses', label: say('课程', 'Courses') }, { to: '/courses/x', label: say('电子政务基础与网上办公', 'E-government foundations') }]} lead={say('约 25 分钟', 'About 25 minutes')}>
      <Prose html={say(zh, en)} />
      <ButtonRow><ButtonLink to="/courses/x/5" kind="primary">{say('读完了，下一课', 'Read; next lesson')}</ButtonLink><ButtonLink to="/courses/x">{say('回到目录', 'Contents')}</ButtonLink></ButtonRow>
    </Page>
  );
}

export const examples: Example[] = [{ name: 'lesson', View: Lesson }];
