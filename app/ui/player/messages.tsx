import { useText } from '~/text/react';
import { Banner } from '../banner/banner';
import { postSeen } from './post';
import type { Message } from './types';

/** What those who watch over the exam wrote, until it was read. Without JavaScript the button posts the page. */
export function Messages({ attemptId, messages, onSeen }: { attemptId: string; messages: readonly Message[]; onSeen(id: string): void }) {
  const { t, dateTime } = useText();
  const read = (id: string) => {
    onSeen(id);
    void postSeen(attemptId, id);
  };
  return (
    <div aria-live="assertive" className="player-messages">
      {messages.map((message) => (
        <Banner key={message.id} tone="info" title={t('player.message-title', { at: dateTime(message.sentAt) })}>
          <p className="player-message" lang="zh-CN">{message.text}</p>
          <div className="button-row">
            <button type="submit" name="seen" value={message.id} className="button button--secondary" onClick={(event) => {
              event.preventDefault();
              read(message.id);
            }}>{t('player.message-read')}</button>
          </div>
        </Banner>
      ))}
    </div>
  );
}
