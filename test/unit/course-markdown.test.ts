import { describe, expect, it } from 'vitest';
import { addressOf, renderMarkdown, targetOf, textFacts } from '~/courses/folder/markdown';

describe('a lesson rendered from Markdown', () => {
  it('leads links between lessons to their pages, with the place in them', () => {
    expect(renderMarkdown('[五](05-information-disclosure.md#part-2)', 'egov')).toContain('href="/courses/egov/05-information-disclosure#part-2"');
  });

  it('takes pictures from the media of the course', () => {
    expect(renderMarkdown('![三张网](media/nets.svg)', 'egov')).toContain('<img src="/courses/egov/media/nets.svg" alt="三张网" loading="lazy">');
  });

  it('keeps raw HTML and scripts in addresses from becoming markup', () => {
    const html = renderMarkdown('<script>alert(1)</script>\n\n[x](javascript:alert(1))', 'egov');
    expect(html).not.toMatch(/<script|href="javascript/);
  });

  it('gives headings ids and wide tables a frame', () => {
    const html = renderMarkdown('## 一\n\n## 二\n\n| a | b |\n| - | - |\n| 1 | 2 |\n', 'egov');
    expect(html).toContain('<h2 id="part-1">一</h2>');
    expect(html).toContain('<h2 id="part-2">二</h2>');
    expect(html).toContain('<div class="table-frame" role="group" tabindex="0"><table>');
    expect(html).toContain('</table></div>');
  });

  it('makes the first column headers where the corner is empty', () => {
    const html = renderMarkdown('|  | 无线 | 流量 |\n| - | - | - |\n| 收费 | 按月 | 按量 |\n', 'egov').replace(/\n/g, '');
    expect(html).toContain('<tr><td></td><th>无线</th><th>流量</th></tr>');
    expect(html).toContain('<tr><th scope="row">收费</th><td>按月</td><td>按量</td></tr>');
  });

  it.each([
    { name: 'closes up Chinese lines', text: '一行，\n二行', html: '<p>一行，二行</p>\n' },
    { name: 'closes up across emphasis', text: '**一行**\n二行', html: '<p><strong>一行</strong>二行</p>\n' },
    { name: 'keeps the space between words', text: 'one\ntwo', html: '<p>one\ntwo</p>\n' },
  ])('$name that were broken in the file', ({ text, html }) => {
    expect(renderMarkdown(text, 'egov')).toBe(html);
  });

  it.each(['../../etc/passwd', 'media/../secret.svg', 'media/a/b.svg', '//elsewhere.example/x', 'lesson.md'])('knows no target for %s', (href) => {
    expect(targetOf(href)).toEqual({ kind: 'unknown' });
    expect(addressOf(href, 'egov')).toBe(href);
  });

  it('counts Han characters and lines from where the text begins', () => {
    const facts = textFacts('甲乙 abc 丙\n\n- 一\n- 见[二](02-two.md)\n  又[三](03-three.md)\n', 10);
    expect(facts.hanCharacters).toBe(8);
    expect(facts.links.map(({ href, line }) => [href, line])).toEqual([['02-two.md', 13], ['03-three.md', 14]]);
  });
});
